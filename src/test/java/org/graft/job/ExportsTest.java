package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCatalog;
import org.graft.bundle.BundleReader;
import org.graft.bundle.ModelBundle;
import org.graft.common.LocalStorage;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.onnx.OnnxExport;
import org.graft.engine.onnx.OnnxRun;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.image.ImageIoDecoder;
import org.graft.image.ImagePreprocessor;
import org.graft.job.Launch.Ended;
import org.graft.sample.RejectedException;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Published networks, loaded by DL4J and by ONNX Runtime, predict what the bundle predicts. */
class ExportsTest {
  private static final int COMPARED = 3;

  @TempDir static Path folder;
  private static Path config;

  @BeforeAll
  static void prepare() throws IOException {
    try (InputStream in =
        BackboneCatalog.class.getResourceAsStream("weights/mobilenetv2.coco.safetensors")) {
      Files.copy(in, folder.resolve("mobilenet.safetensors"));
    }
    Pictures.write(folder.resolve("pictures"), 2, 8, 13);
    StringBuilder lines = new StringBuilder();
    for (Path file : Pictures.in(folder.resolve("pictures"))) {
      String label = file.getParent().getFileName().toString();
      lines.append(
          "{\"path\": \"%s\", \"label\": [\"%s\", \"any\"]}%n"
              .formatted(folder.relativize(file), label));
    }
    Files.writeString(folder.resolve("list.jsonl"), lines);
    config = folder.resolve("job.yaml");
    Files.writeString(
        config,
        """
        name: exported
        workspace: workspace
        source: {kind: folder, path: pictures}
        split: {train: 0.6, validation: 0, test: 0.4}
        backbone: {card: mobilenetv2.coco, weights: mobilenet.safetensors}
        train: {epochs: 3, learningRate: 0.01}
        """);
  }

  /** Publishes and compares; all runs share their features. */
  private static TrainedHead compare(String... settings) throws Exception {
    String[] args = new String[2 + 2 * settings.length];
    args[0] = "run";
    args[1] = config.toString();
    for (int i = 0; i < settings.length; i++) {
      args[2 + 2 * i] = "-s";
      args[3 + 2 * i] = settings[i];
    }
    Ended ended = Launch.LOCAL.run(args).well();
    String path = ended.path("bundle");
    ModelBundle bundle = new BundleReader(new LocalStorage()).read(path);
    TrainedHead head = bundle.content().head();
    BackboneCard card = bundle.content().card();
    float[][] pictures = pictures(card);
    Path weights = Path.of(path, bundle.backboneFile().orElseThrow());
    float[][] expected = new float[COMPARED][];
    try (Backbone backbone = new Dl4jBackboneLoader().load(bundle.backbone(weights))) {
      float[][] features = backbone.features(pictures);
      for (int i = 0; i < COMPARED; i++) {
        expected[i] = head.probabilities(features[i]);
      }
    }
    INDArray input =
        Nd4j.createFromArray(pictures)
            .reshape('c', COMPARED, 3, card.input().height(), card.input().width());
    assertClose(expected, dl4j(Path.of(path, "network.zip"), input));
    assertClose(expected, onnx(Path.of(path, "network.onnx"), input));
    return head;
  }

  private static float[][] pictures(BackboneCard card) throws IOException, RejectedException {
    ImagePreprocessor preprocessor =
        new ImagePreprocessor(
            new ImageIoDecoder(1_000_000, card.preprocessing().alpha()), card.preprocessing());
    float[][] pictures = new float[COMPARED][];
    for (int i = 0; i < COMPARED; i++) {
      pictures[i] = preprocessor.tensor(Pictures.png(i % 2, 2, 500 + i, 13));
    }
    return pictures;
  }

  private static INDArray dl4j(Path zip, INDArray input) throws IOException {
    ComputationGraph network = ModelSerializer.restoreComputationGraph(zip.toFile(), false);
    return network.outputSingle(input.dup());
  }

  private static INDArray onnx(Path model, INDArray input) throws IOException, OrtException {
    return OnnxRun.run(Files.readAllBytes(model), input, OnnxExport.PROBABILITIES);
  }

  private static void assertClose(float[][] expected, INDArray got) {
    float[][] values = got.toFloatMatrix();
    assertEquals(expected.length, values.length);
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], values[i], 1e-5f);
    }
  }

  @Test
  void linearMlpAndManyLabelsAreExportedAsTheyAre() throws Exception {
    TrainedHead linear = compare();
    assertEquals(1, linear.layers().size());
    TrainedHead mlp = compare("head.kind=mlp", "head.hidden=[9]");
    assertEquals(2, mlp.layers().size());
    TrainedHead sigmoid =
        compare(
            "multiLabel=true",
            "source.kind=manifest",
            "source.path=" + folder.resolve("list.jsonl"));
    assertEquals(Output.SIGMOID, sigmoid.output());
    assertEquals(List.of("any", "class-000", "class-001"), sigmoid.labels().names());
  }
}
