package org.graft.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the tensors in what a checkpoint's pickle gave. */
final class StateDict {
  /** Where training scripts put the state dict beside epochs and optimisers; tried in turn. */
  private static final List<String> NESTS = List.of("state_dict", "model", "model_state_dict");

  private StateDict() {}

  static Map<String, TorchTensor> of(TensorFile file, Object root) {
    Map<String, TorchTensor> tensors = tensorsIn(root);
    for (int i = 0; i < NESTS.size() && tensors.isEmpty(); i++) {
      tensors = root instanceof Map<?, ?> dict ? tensorsIn(dict.get(NESTS.get(i))) : Map.of();
    }
    if (tensors.isEmpty()) {
      throw file.unsupported(
          "it has no named tensors, neither at its top nor under any of " + NESTS,
          "Write it in Python with torch.save(model.state_dict(), NEW).");
    }
    return tensors;
  }

  private static Map<String, TorchTensor> tensorsIn(Object value) {
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> dict) {
      dict.forEach(
          (name, item) -> {
            if (name instanceof String text && item instanceof TorchTensor tensor) {
              tensors.put(text, tensor);
            }
          });
    }
    return tensors;
  }
}
