package org.graft.engine.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto.DataType;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.GoldenInput;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A user's ONNX network as a backbone. What Graft promises of its own networks is tried here when
 * the file is opened: that a sample's features are the same beside any neighbours, and every time.
 */
final class FileBackbone {
  private static final Logger log = LoggerFactory.getLogger(FileBackbone.class);

  /** Where unsigned bytes can be pooled, flattened and scaled by channel. */
  private static final int INT8_OPSET = 13;

  private static final Set<String> QUANTIZED =
      Set.of(
          "QuantizeLinear",
          "DequantizeLinear",
          "DynamicQuantizeLinear",
          "ConvInteger",
          "MatMulInteger",
          "QLinearConv",
          "QLinearMatMul");

  private FileBackbone() {}

  /**
   * @throws UserError if the file, the cut or the card's input does not fit, if ONNX Runtime cannot
   *     run the network, or if it gives other features each time
   */
  static Backbone open(BackboneSpec spec, Execution execution) throws IOException {
    FileNetwork network = network(spec);
    boolean bytes = spec.precision() instanceof Precision.Int8;
    OnnxModel model =
        OnnxBackboneLoader.inPrecision(
            bytes ? forInt8(spec, network) : model(spec, network), spec.precision());
    try {
      int written = (int) network.input().batch();
      if (written > 0) {
        return repeating(
            new OnnxBackbone(model, spec.batch(), written, execution), written, spec, network);
      }
      return anyBatch(model, execution, spec, network);
    } catch (IllegalStateException e) {
      throw refused(network, e);
    }
  }

  /** As many samples at once as the network really takes: some exports only say that they do. */
  private static Backbone anyBatch(
      OnnxModel model, Execution execution, BackboneSpec spec, FileNetwork network) {
    int together = execution.together(spec.batch());
    if (together > 1) {
      try {
        OnnxBackbone backbone = new OnnxBackbone(model, spec.batch(), together, execution);
        if (!neighboursMatter(backbone, together, network)) {
          return backbone;
        }
        backbone.close();
        log.info(
            "{}: features depend on the batch; samples go through one at a time", spec.weights());
      } catch (IllegalStateException e) {
        log.info("{}: cannot take batches; samples go through one at a time", spec.weights(), e);
      }
    }
    return repeating(new OnnxBackbone(model, spec.batch(), 1, execution), 1, spec, network);
  }

  private static Backbone repeating(
      OnnxBackbone backbone, int together, BackboneSpec spec, FileNetwork network) {
    if (!neighboursMatter(backbone, together, network)) {
      return backbone;
    }
    backbone.close();
    throw OnnxFile.error(
        spec.weights(),
        together > 1
            ? "its batch is fixed at %d, and a sample's features depend on its neighbours"
                .formatted(together)
            : "it gives other features for the same picture each time",
        together > 1
            ? "Export it with a batch of 1, or a dynamic one."
            : "Export it for inference, without random operators.");
  }

  /** Also true where the same batch gives other features when it comes again. */
  private static boolean neighboursMatter(
      OnnxBackbone backbone, int together, FileNetwork network) {
    boolean bytes = network.input().type() == DataType.UINT8.getNumber();
    float[][] crowd = new float[Math.min(together, backbone.batch())][];
    for (int i = 0; i < crowd.length; i++) {
      crowd[i] = noise(i, backbone.inputLength(), bytes);
    }
    float[] sample = crowd[crowd.length - 1];
    float[] alone = backbone.features(new float[][] {sample})[0];
    return !Arrays.equals(alone, backbone.features(crowd)[crowd.length - 1]);
  }

  private static float[] noise(long seed, int length, boolean bytes) {
    float[] noise = GoldenInput.of(seed, length);
    for (int i = 0; bytes && i < length; i++) {
      noise[i] = (float) Math.floor((noise[i] + 1) * 127.5);
    }
    return noise;
  }

  /** The network up to the cut, in float32, for {@link Quantizer}. */
  static OnnxModel forInt8(BackboneSpec spec) throws IOException {
    return forInt8(spec, network(spec));
  }

  private static OnnxModel forInt8(BackboneSpec spec, FileNetwork network) {
    OnnxModel model = model(spec, network);
    int8Problem(network, model.proto())
        .ifPresent(
            problem -> {
              throw new UserError(
                  "Cannot run %s in int8: %s. Set precision: fp32."
                      .formatted(spec.card().name(), problem));
            });
    return model;
  }

  static boolean isQuantized(List<NodeProto> nodes) {
    return nodes.stream().anyMatch(node -> QUANTIZED.contains(node.getOpType()));
  }

  private static Optional<String> int8Problem(FileNetwork network, ModelProto model) {
    List<NodeProto> nodes = model.getGraph().getNodeList();
    String problem = null;
    if (isQuantized(nodes)) {
      problem = "its file is quantised already, and runs as it is";
    } else if (nodes.stream().anyMatch(Subgraphs::areIn)) {
      problem = "it has If, Loop or Scan operators";
    } else if (OnnxFile.opset(model) < INT8_OPSET) {
      problem =
          "its opset is %d (%d or newer is needed)".formatted(OnnxFile.opset(model), INT8_OPSET);
    } else if (network.batch() > 1) {
      problem = "its batch is fixed at %d".formatted(network.batch());
    } else if (new QuantizationPlan(model.getGraph()).tensors().isEmpty()) {
      problem = "it has no convolution or dense layer with constant weights up to the cut";
    }
    return Optional.ofNullable(problem);
  }

  /** The network up to the cut, in float32. */
  static OnnxModel model(BackboneSpec spec) throws IOException {
    return model(spec, network(spec));
  }

  private static FileNetwork network(BackboneSpec spec) throws IOException {
    Path file = spec.weights();
    return new FileNetwork(file.toString(), OnnxFile.read(file));
  }

  private static OnnxModel model(BackboneSpec spec, FileNetwork network) {
    Input input = spec.card().input();
    Cut cut = spec.card().cut(spec.cut());
    String tensor = network.tensor(cut.layer());
    try {
      long[] shape = TensorShapes.of(network, List.of(tensor), input).get(tensor);
      return FileCut.of(network, tensor, shape, new ChannelAxes(network, input))
          .as(spec.card().name(), cut)
          .pooled(network, input, spec.pooling());
    } catch (IllegalStateException e) {
      throw refused(network, e);
    }
  }

  static UserError refused(FileNetwork network, IllegalStateException cause) {
    ModelProto model = network.model();
    return new UserError(
        "Cannot run the ONNX network %s: ONNX Runtime %s refuses it (opset %d, IR version %d, made by %s): %s. Give pictures of another size, or export it anew with an older opset."
            .formatted(
                network.file(),
                OnnxSession.version(),
                OnnxFile.opset(model),
                model.getIrVersion(),
                model.getProducerName().isEmpty() ? "unknown" : model.getProducerName(),
                cause.getMessage().strip()),
        cause);
  }
}
