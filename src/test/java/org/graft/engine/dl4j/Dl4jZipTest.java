package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.graft.common.UserError;
import org.graft.weights.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class Dl4jZipTest {
  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";

  @TempDir Path folder;

  @Test
  void survivesDamage() throws IOException {
    Path sound = written();
    Mutations.of(sound)
        .times(1000)
        .surviveReading(folder.resolve("zip"), "damaged", Dl4jZipTest::read);
    Mutations.of(unzipped(sound))
        .times(1000)
        .surviveReading(
            folder.resolve("entries"),
            CONFIGURATION,
            configuration -> read(zipped(configuration.getParent())));
  }

  @Test
  void refusesABomb() throws IOException {
    Path entries = unzipped(written());
    Path zip = folder.resolve("bomb.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry(CONFIGURATION));
      Files.copy(entries.resolve(CONFIGURATION), out);
      out.putNextEntry(new ZipEntry(COEFFICIENTS));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 80; i++) {
        out.write(zeros);
      }
    }
    String message = assertThrows(UserError.class, () -> Dl4jZip.read(zip)).getMessage();
    assertTrue(message.contains("coefficients.bin would grow from "), message);
  }

  private static void read(Path path) throws IOException {
    FrozenNetwork network = Dl4jZip.read(path);
    assertEquals(network.parameters().length(), network.parameters().data().length());
    network.parameters().close();
  }

  /** A convolution and a classifier, as small as may be. */
  private Path written() throws IOException {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .graphBuilder()
                .addInputs("in")
                .addLayer("conv", new ConvolutionLayer.Builder(2, 2).nOut(2).build(), "in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(2)
                        .build(),
                    "conv")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(4, 4, 1))
                .build());
    graph.init();
    File zip = folder.resolve("sound.zip").toFile();
    ModelSerializer.writeModel(graph, zip, false);
    return zip.toPath();
  }

  private Path unzipped(Path path) throws IOException {
    Path target = Files.createDirectories(folder.resolve("unzipped"));
    try (ZipFile zip = new ZipFile(path.toFile())) {
      for (String name : new String[] {CONFIGURATION, COEFFICIENTS}) {
        Files.write(target.resolve(name), zip.getInputStream(zip.getEntry(name)).readAllBytes());
      }
    }
    return target;
  }

  private Path zipped(Path entries) throws IOException {
    Path path = folder.resolve("again.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(path))) {
      for (String name : new String[] {CONFIGURATION, COEFFICIENTS}) {
        out.putNextEntry(new ZipEntry(name));
        Files.copy(entries.resolve(name), out);
      }
    }
    return path;
  }
}
