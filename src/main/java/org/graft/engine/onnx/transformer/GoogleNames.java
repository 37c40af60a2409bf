package org.graft.engine.onnx.transformer;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.graft.weights.Tensors;

/**
 * A TensorFlow checkpoint or SavedModel of Google's BERT as if torch had written it: {@code
 * layer_0/output/dense/kernel}, {@code [in][out]}, is {@code layer.0.output.dense.weight}, {@code
 * [out][in]}.
 */
final class GoogleNames implements Tensors {
  private static final String WORDS = "bert/embeddings/word_embeddings";
  private static final String KERNEL = "/kernel";

  private final Tensors tensors;
  private final Map<String, String> google = new LinkedHashMap<>();

  private GoogleNames(Tensors tensors) {
    this.tensors = tensors;
    tensors.names().forEach(name -> google.put(torch(name), name));
  }

  /** {@code tensors} themselves, if they have other names. */
  static Tensors over(Tensors tensors) {
    return tensors.names().stream().anyMatch(name -> name.endsWith(WORDS))
        ? new GoogleNames(tensors)
        : tensors;
  }

  private static String torch(String name) {
    return name.replaceFirst("_embeddings$", "_embeddings/weight")
        .replaceFirst(KERNEL + "$", "/weight")
        .replaceFirst("/layer_(\\d+)/", "/layer.$1/")
        .replace('/', '.');
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(google.keySet());
  }

  @Override
  public long[] shape(String name) {
    long[] shape = tensors.shape(google.get(name));
    return isTurned(name) && shape.length == 2 ? new long[] {shape[1], shape[0]} : shape;
  }

  @Override
  public float[] read(String name) throws IOException {
    float[] values = tensors.read(google.get(name));
    long[] shape = shape(name);
    if (!isTurned(name) || shape.length != 2) {
      return values;
    }
    int out = (int) shape[0];
    float[] turned = new float[values.length];
    Matrices.place(values, out, (int) shape[1], true, turned, 0, (int) shape[1]);
    return turned;
  }

  private boolean isTurned(String name) {
    return google.get(name).endsWith(KERNEL);
  }

  @Override
  public void close() throws IOException {
    tensors.close();
  }
}
