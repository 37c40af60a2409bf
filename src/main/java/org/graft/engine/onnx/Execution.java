package org.graft.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import org.graft.backbone.Device;

/**
 * Where ONNX Runtime computes, and how.
 *
 * @param memory most bytes of a card that one session's arena takes; 0: no limit
 * @param tf32 whether a card may round the factors of products to 10 bits of mantissa
 */
record Execution(Device device, long memory, boolean tf32) {
  static final Execution CPU = new Execution(Device.CPU, 0, false);

  /** On a card: nothing is chosen by timing, so the same card gives the same bits each time. */
  void addTo(SessionOptions options) throws OrtException {
    if (!device.isCuda()) {
      return;
    }
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.ordinal())) {
      cuda.add("cudnn_conv_algo_search", "HEURISTIC");
      cuda.add("use_tf32", tf32 ? "1" : "0");
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      if (memory > 0) {
        cuda.add("gpu_mem_limit", Long.toString(memory));
      }
      options.addCUDA(cuda);
    }
  }

  /**
   * How many samples of a batch go through the network together: a card wants them all, on a
   * processor more of them only push each other's activations out of the cache.
   */
  int together(int batch) {
    return device.isCuda() ? batch : Math.min(batch, OnnxBackbone.TOGETHER);
  }
}
