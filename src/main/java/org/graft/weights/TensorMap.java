package org.graft.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.graft.common.Checks;

/**
 * Tensors found in one or more files.
 *
 * @param path names the whole in errors
 * @param entries by name, in the file's order
 * @param files closed with it
 */
record TensorMap(Path path, Map<String, ? extends Entry> entries, OpenFiles files)
    implements Tensors {
  /** A tensor that knows where it lies. */
  interface Entry {
    Shape shape();

    /** Row-major. */
    float[] read() throws IOException;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  @Override
  public long[] shape(String name) {
    return entry(name).shape().toArray();
  }

  @Override
  public float[] read(String name) throws IOException {
    return entry(name).read();
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    Checks.argument(entry != null, "no tensor %s in %s", name, path);
    return entry;
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
