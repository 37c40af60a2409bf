package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.UserError;
import org.graft.engine.onnx.RandomGraphs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The layers that DL4J lacks, as parts of its networks; what they compute is in ParityTest. */
class ChannelLayersTest {
  private static final Input INPUT = new Input(5, 3, 2);

  @TempDir Path folder;

  @BeforeAll
  static void prepare() {
    Dl4jEngine.prepare();
  }

  private static ComputationGraph network() {
    Sketch net = new Sketch();
    String x = net.layer("norm", new ChannelNorm(1e-3), Sketch.INPUT);
    x = net.layer("gelu", new ActivationLayer(new ErfGelu()), x);
    net.layer("scale", new ChannelScale(), x);
    ComputationGraph graph = new ComputationGraph(net.cutAt("scale", INPUT));
    graph.init();
    return graph;
  }

  private static ComputationGraph filled() {
    ComputationGraph graph = network();
    graph.params().assign(Nd4j.linspace(-1, 2, 15));
    return graph;
  }

  @Test
  void startAsTheIdentityScaledByNothing() {
    assertArrayEquals(
        new float[] {1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1},
        network().params().toFloatVector());
  }

  @Test
  void normaliseEachPlaceOfAPicture() {
    Sketch net = new Sketch();
    net.layer("norm", new ChannelNorm(1e-3), Sketch.INPUT);
    ComputationGraph graph = new ComputationGraph(net.cutAt("norm", INPUT));
    graph.init();
    INDArray picture = RandomGraphs.pictures(2, INPUT, 3).muli(4).addi(9);
    INDArray normal = graph.outputSingle(picture);
    INDArray sums = normal.sum(1);
    INDArray squares = normal.mul(normal).mean(1);
    for (int i = 0; i < sums.length(); i++) {
      assertEquals(0, sums.getFloat(i), 1e-4);
      assertEquals(1, squares.getFloat(i), 1e-2); // epsilon takes a little
    }
  }

  @Test
  void comeBackFromAZip() throws IOException {
    ComputationGraph graph = filled();
    Path zip = folder.resolve("network.zip");
    try (OutputStream out = Files.newOutputStream(zip)) {
      Dl4jExport.write(graph, out);
    }
    FrozenNetwork back = Dl4jZip.read(zip);
    INDArray picture = RandomGraphs.pictures(2, INPUT, 4);
    assertEquals(graph.outputSingle(picture.dup()), back.graph().outputSingle(picture.dup()));
    assertEquals(graph.getConfiguration().toJson(), back.graph().getConfiguration().toJson());
  }

  @Test
  void otherClassesOfGraftAreRefused() throws IOException {
    Path zip = folder.resolve("network.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("configuration.json"));
      out.write("{\"@class\":\"org.graft.engine.dl4j.Lane\"}".getBytes(StandardCharsets.UTF_8));
    }
    String message = assertThrows(UserError.class, () -> Dl4jZip.read(zip)).getMessage();
    assertTrue(message.contains("names the class org.graft.engine.dl4j.Lane"), message);
    assertTrue(message.endsWith("Only DL4J's own layers and Graft's are loaded."), message);
  }

  @Test
  void serveManyThreadsAtOnce() throws Exception {
    ComputationGraph graph = filled();
    float[][] inputs = TestBackbones.inputs(4, INPUT.length());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Dl4jBackbone backbone =
        new Dl4jBackbone(graph.getConfiguration(), graph.params(), INPUT, Pooling.NONE, 1, false)) {
      float[][] alone = new float[4][];
      for (int i = 0; i < 4; i++) {
        alone[i] = backbone.features(new float[][] {inputs[i]})[0];
      }
      List<Future<float[]>> together = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        float[][] one = {inputs[i % 4]};
        together.add(threads.submit(() -> backbone.features(one)[0]));
      }
      for (int i = 0; i < 80; i++) {
        assertArrayEquals(alone[i % 4], together.get(i).get());
      }
    } finally {
      threads.shutdown();
    }
  }

  /** By central differences: a tail above the cut may be trained. */
  @Test
  void geluHasItsDerivative() {
    INDArray x = Nd4j.createFromArray(-4f, -1.5f, -0.7f, 0f, 0.3f, 1f, 3f);
    float h = 1e-2f;
    ErfGelu gelu = new ErfGelu();
    INDArray difference =
        gelu.getActivation(x.add(h), true).subi(gelu.getActivation(x.sub(h), true)).divi(2 * h);
    INDArray derivative = gelu.backprop(x, Nd4j.onesLike(x).muli(2)).getFirst();
    assertArrayEquals(difference.muli(2).toFloatVector(), derivative.toFloatVector(), 1e-3f);
  }

  @Test
  void layersHaveTheirGradients() {
    ComputationGraph graph = filled();
    INDArray picture = RandomGraphs.pictures(1, INPUT, 5);
    graph.feedForward(new INDArray[] {picture.dup()}, true, false);
    Gradient gradient = graph.backpropGradient(Nd4j.ones(1, 5, 3, 2));
    INDArray flat = gradient.gradient();
    for (int i : new int[] {0, 7, 12}) {
      double step = 1e-2;
      double up = sum(graph, picture, i, step);
      double down = sum(graph, picture, i, -step);
      assertEquals((up - down) / (2 * step), flat.getDouble(i), 2e-2, "parameter " + i);
    }
  }

  private static double sum(ComputationGraph graph, INDArray picture, int parameter, double step) {
    double before = graph.params().getDouble(parameter);
    graph.params().putScalar(parameter, before + step);
    double sum = graph.outputSingle(picture.dup()).sumNumber().doubleValue();
    graph.params().putScalar(parameter, before);
    return sum;
  }
}
