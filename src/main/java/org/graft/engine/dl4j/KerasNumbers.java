package org.graft.engine.dl4j;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.common.Checks;
import org.graft.weights.Tensors;

/**
 * A Keras file with its unnamed layers counted from zero. Keras numbers them through the whole life
 * of a process, so that the first convolution of a file may be {@code conv2d}, {@code conv2d_1} or
 * {@code conv2d_95}: only their order says which is which.
 */
final class KerasNumbers implements Tensors {
  /** Classes in snake case; a layer of one's own may be called {@code block_1}. */
  private static final Pattern LAYER =
      Pattern.compile(
          "(conv2d|depthwise_conv2d|separable_conv2d|batch_normalization|layer_normalization|dense)(?:_(\\d{1,9}))?/(.+)");

  private final Tensors file;
  private final Map<String, String> fileNames = new LinkedHashMap<>(); // by the name given here

  private KerasNumbers(Tensors file) {
    this.file = file;
    Map<String, SortedMap<Integer, List<Matcher>>> kinds = new LinkedHashMap<>();
    for (String name : file.names()) {
      Matcher layer = LAYER.matcher(name);
      if (layer.matches()) {
        int number = layer.group(2) == null ? 0 : Integer.parseInt(layer.group(2));
        kinds
            .computeIfAbsent(layer.group(1), kind -> new TreeMap<>())
            .computeIfAbsent(number, any -> new ArrayList<>())
            .add(layer);
      } else {
        fileNames.put(name, name);
      }
    }
    kinds.values().forEach(this::count);
  }

  private void count(SortedMap<Integer, List<Matcher>> layers) {
    int number = 0;
    for (List<Matcher> tensors : layers.values()) {
      for (Matcher tensor : tensors) {
        fileNames.put(name(tensor.group(1), number) + "/" + tensor.group(3), tensor.group());
      }
      number++;
    }
  }

  /** Leaves other files, whose names have no slashes, as they are. */
  static Tensors fromZero(Tensors file) {
    return new KerasNumbers(file);
  }

  /** {@code conv2d}, {@code conv2d_1}, … */
  static String name(String kind, int number) {
    return number == 0 ? kind : kind + "_" + number;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(fileNames.keySet());
  }

  @Override
  public long[] shape(String name) {
    return file.shape(fileName(name));
  }

  @Override
  public float[] read(String name) throws IOException {
    return file.read(fileName(name));
  }

  private String fileName(String name) {
    String own = fileNames.get(name);
    Checks.argument(own != null, "no tensor %s", name);
    return own;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
