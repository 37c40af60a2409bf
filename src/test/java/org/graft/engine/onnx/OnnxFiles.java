package org.graft.engine.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCard.Layout;
import org.graft.backbone.BackboneCard.Weights;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.common.Json;
import org.graft.testing.SmallModels;

/** The small networks of src/test/golden/onnxfile, and cards for them. */
final class OnnxFiles {
  static final int SIZE = 32;
  static final Path FOLDER = Path.of("src/test/resources/golden/onnxfile");
  static final Golden GOLDEN = golden();

  /** Written by src/test/golden/onnxfile/generate.py. */
  record Golden(long seed, Map<String, Map<String, Tensor>> networks) {
    /** Channels, height, width; values channels first. */
    record Tensor(List<Integer> shape, List<Double> values) {
      Cut cut(String tensor) {
        return new Cut(tensor, tensor, shape.get(0), shape.get(1), shape.get(2), Pooling.NONE);
      }
    }
  }

  private OnnxFiles() {}

  private static Golden golden() {
    try (InputStream in = OnnxFiles.class.getResourceAsStream("/golden/onnxfile/expected.json")) {
      return Json.read(in.readAllBytes(), Golden.class, "expected.json");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Path file(String network) {
    return FOLDER.resolve(network + ".onnx");
  }

  static Input input(String network) {
    boolean nhwc = network.equals("nhwc") || network.equals("pixels");
    return new Input(3, SIZE, SIZE, nhwc ? Layout.NHWC : Layout.NCHW);
  }

  static BackboneCard card(Input input, Cut... cuts) {
    return new BackboneCard(
        "own.network",
        BackboneCard.ONNX,
        input,
        SmallModels.CARD.preprocessing(),
        List.of(cuts),
        cuts[0].name(),
        new Weights("own.onnx", List.of(), null, null, null),
        "CC0-1.0",
        "random numbers",
        true,
        List.of());
  }

  /** A network cut at a tensor of expected.json. */
  static BackboneSpec spec(String network, String tensor, Pooling pooling, int batch) {
    Cut cut = GOLDEN.networks().get(network).get(tensor).cut(tensor);
    return new BackboneSpec(
        card(input(network), cut), tensor, pooling, batch, file(network), Precision.FP32);
  }

  /** The last tensor of a network in expected.json that has places to pool over. */
  static String spatial(String network) {
    return GOLDEN.networks().get(network).entrySet().stream()
        .filter(tensor -> tensor.getValue().shape().get(1) > 1)
        .reduce((first, second) -> second)
        .orElseThrow()
        .getKey();
  }
}
