package org.graft.engine.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import onnx.Onnx.GraphProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.ActivationRanges.Range;
import org.graft.common.UserError;

/**
 * Measures what a network's tensors hold, for {@link Quantizer}. Samples go through the float32
 * network one at a time: so the result does not depend on their order, and memory is bounded by one
 * sample's activations (about 50 MB for ResNet-50 and VGG16 at 224 x 224, held up to three times)
 * and 256 KiB a tensor.
 */
public final class Calibrator {
  private final Map<String, Histogram> histograms = new LinkedHashMap<>();
  private int samples;

  private Calibrator(Set<String> tensors) {
    tensors.forEach(tensor -> histograms.put(tensor, new Histogram()));
  }

  /**
   * The ranges of least squared error. On real networks they gave nearer features than the whole
   * extent or percentiles did.
   *
   * @param fp32 from {@link OnnxNetwork#compile}
   * @param inputs each {@code [channels x height x width]}, preprocessed; a few hundred, of the
   *     kind that the network will see; gone through once
   * @throws UserError if there is no input, or if a tensor is not finite (the message names it)
   */
  public static ActivationRanges ranges(OnnxModel fp32, Iterable<float[]> inputs) {
    Calibrator measured = of(fp32, inputs);
    SortedMap<String, Range> ranges = new TreeMap<>();
    measured.histograms.forEach((tensor, values) -> ranges.put(tensor, values.leastError()));
    return new ActivationRanges(measured.samples, ranges);
  }

  static Calibrator of(OnnxModel fp32, Iterable<float[]> inputs) {
    Calibrator calibrator = new Calibrator(new QuantizationPlan(fp32.proto().getGraph()).tensors());
    try (OnnxSession session = new OnnxSession(calibrator.outputs(fp32), 1)) {
      for (float[] input : inputs) {
        calibrator.add(input, session.run(new float[][] {input}));
      }
    }
    if (calibrator.samples == 0) {
      throw new UserError(
          "Cannot calibrate the network for int8: there is no calibration sample. Give some, or set precision: fp32.");
    }
    return calibrator;
  }

  /** By tensor, in the order of the graph. */
  Map<String, Histogram> histograms() {
    return histograms;
  }

  private void add(float[] input, Map<String, float[][]> outputs) {
    for (Map.Entry<String, Histogram> tensor : histograms.entrySet()) {
      boolean isInput = tensor.getKey().equals(OnnxNetwork.INPUT);
      tensor.getValue().add(isInput ? input : outputs.get(tensor.getKey())[0]);
      if (!tensor.getValue().isFinite()) {
        throw new UserError(
            "Cannot calibrate the network for int8: calibration sample %d gives infinite values or NaN in tensor '%s'. Check the weights and the preprocessing, or set precision: fp32."
                .formatted(samples + 1, tensor.getKey()));
      }
    }
    samples++;
  }

  /** The network with each tensor of interest as an output. */
  private OnnxModel outputs(OnnxModel fp32) {
    GraphProto.Builder graph = fp32.proto().getGraph().toBuilder();
    TypeProto.Tensor floats =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber()).build();
    for (String tensor : histograms.keySet()) {
      if (!tensor.equals(OnnxNetwork.INPUT)) {
        graph.addOutput(
            ValueInfoProto.newBuilder()
                .setName(tensor)
                .setType(TypeProto.newBuilder().setTensorType(floats)));
      }
    }
    return new OnnxModel(fp32.proto().toBuilder().setGraph(graph).build());
  }
}
