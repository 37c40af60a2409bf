package org.graft.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.graft.common.Checks;

/**
 * A file in Hugging Face's safetensors format: eight bytes of header length, a JSON header, then
 * the numbers, little-endian, row-major. Refuses whatever the reference implementation refuses.
 */
public final class SafetensorsFile implements Tensors {
  private final TensorFile file;
  private final SafetensorsHeader header;

  private SafetensorsFile(TensorFile file, SafetensorsHeader header) {
    this.file = file;
    this.header = header;
  }

  /**
   * Reads and checks the header.
   *
   * @throws org.graft.common.UserError if the file is not sound
   */
  public static SafetensorsFile open(Path path) throws IOException {
    TensorFile file = TensorFile.open(path);
    try {
      return new SafetensorsFile(file, SafetensorsHeader.read(file));
    } catch (RuntimeException | IOException e) {
      file.close();
      throw e;
    }
  }

  /** The free text that the writer left, for instance {@code format: pt}. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public Set<String> names() {
    return header.tensors().keySet();
  }

  @Override
  public long[] shape(String name) {
    return tensor(name).shape().toArray();
  }

  @Override
  public float[] read(String name) throws IOException {
    SafetensorsHeader.Tensor tensor = tensor(name);
    return file.floats(tensor.type(), tensor.offset(), tensor.elements());
  }

  private SafetensorsHeader.Tensor tensor(String name) {
    SafetensorsHeader.Tensor tensor = header.tensors().get(name);
    Checks.argument(tensor != null, "no tensor %s in %s", name, file.path());
    return tensor;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
