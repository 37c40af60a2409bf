package org.graft.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.graft.common.Checks;

/**
 * A state dict as {@code torch.save} writes it ({@code .pth}, {@code .pt}), in today's zip format
 * or the one before torch 1.6. The dict may lie under {@code state_dict} or {@code model}. Nothing
 * of the pickle is run; see {@link Unpickler}.
 */
public final class TorchCheckpoint implements Tensors {
  private final TensorFile file;
  private final Map<String, TorchTensor> tensors;
  private final Map<String, Long> offsets;

  /**
   * @param offsets of the tensors' storages in the file, by the tensors' names
   */
  private TorchCheckpoint(
      TensorFile file, Map<String, TorchTensor> tensors, Map<String, Long> offsets) {
    this.file = file;
    this.tensors = tensors;
    this.offsets = offsets;
  }

  /**
   * Reads the pickle and checks every tensor against the file.
   *
   * @throws org.graft.common.UserError if the file is not sound, or its pickle has more than
   *     tensors
   */
  public static TorchCheckpoint open(Path path) throws IOException {
    TensorFile file = TensorFile.open(path);
    try {
      TorchContainer container =
          TorchLegacyContainer.isLegacy(file)
              ? TorchLegacyContainer.read(file)
              : TorchZipContainer.read(file);
      Map<String, TorchTensor> tensors = StateDict.of(file, container.root());
      Map<String, Long> offsets = new LinkedHashMap<>();
      for (Map.Entry<String, TorchTensor> tensor : tensors.entrySet()) {
        check(file, tensor.getKey(), tensor.getValue());
        TorchTensor.Storage storage = tensor.getValue().storage();
        offsets.put(tensor.getKey(), container.locate(storage));
      }
      return new TorchCheckpoint(file, tensors, offsets);
    } catch (RuntimeException | IOException e) {
      file.close();
      throw e;
    }
  }

  private static void check(TensorFile file, String name, TorchTensor tensor) {
    if (!tensor.isSound()) {
      throw file.damaged(
          "tensor '%s' of shape %s, strides %s, offset %d does not fit its storage of %d elements",
          name, tensor.shape(), tensor.strides(), tensor.offset(), tensor.storage().length());
    }
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public long[] shape(String name) {
    return tensor(name).shape().toArray();
  }

  @Override
  public float[] read(String name) throws IOException {
    TorchTensor tensor = tensor(name);
    ElementType type = tensor.storage().type();
    long offset = offsets.get(name) + tensor.offset() * type.bytes();
    return tensor.gather(file.floats(type, offset, tensor.span()));
  }

  private TorchTensor tensor(String name) {
    TorchTensor tensor = tensors.get(name);
    Checks.argument(tensor != null, "no tensor %s in %s", name, file.path());
    return tensor;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
