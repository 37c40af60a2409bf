package org.graft.engine.onnx.transformer;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.graft.common.UserError;
import org.graft.engine.onnx.OnnxGraph;
import org.graft.weights.Tensors;
import org.graft.weights.WeightBinding;

/**
 * The weights that a network wants, by the names that its family gives them. They are collected
 * while it is drawn and read at the end, so that all that is missing or misshapen is told at once
 * and nothing is allocated before the file was found to have it.
 */
final class Parameters {
  private interface Values {
    float[] of(WeightBinding weights) throws IOException;
  }

  private interface Constant {
    void write(WeightBinding weights, OnnxGraph graph) throws IOException;
  }

  private final Tensors tensors;
  private final String file;
  private final String prefix;
  private final Map<String, long[]> wanted = new LinkedHashMap<>();
  private final Map<String, Constant> constants = new LinkedHashMap<>();

  /**
   * @param file names the weights in errors
   * @throws UserError if {@code anchor} is there under more than one prefix
   */
  Parameters(Tensors tensors, String file, String anchor) {
    this.tensors = tensors;
    this.file = file;
    this.prefix = prefix(anchor);
  }

  private String prefix(String anchor) {
    Set<String> prefixes = new TreeSet<>();
    for (String name : tensors.names()) {
      if (name.equals(anchor) || name.endsWith("." + anchor)) {
        prefixes.add(name.substring(0, name.length() - anchor.length()));
      }
    }
    if (prefixes.size() > 1) {
      throw new UserError(
          "Cannot use the weights in %s for this network: they are those of %d networks, under the prefixes %s. Write one of them into a file of its own."
              .formatted(file, prefixes.size(), prefixes));
    }
    return prefixes.isEmpty() ? "" : prefixes.iterator().next();
  }

  /** The first of {@code names} that the file has; the first of all if it has none. */
  String present(String... names) {
    return Arrays.stream(names)
        .filter(name -> tensors.names().contains(own(name)))
        .findFirst()
        .orElse(names[0]);
  }

  /** A tensor as the file has it. */
  String plain(String name, long... shape) {
    String own = want(name, shape);
    return constant(name, shape, weights -> weights.read(own));
  }

  /** Values of one's own, made from a tensor of the file. */
  String made(String name, long[] shape, String from, long[] fromShape, Remaking remaking) {
    String own = want(from, fromShape);
    return constant(name, shape, weights -> remaking.of(weights.read(own)));
  }

  /** What becomes of a tensor's values. */
  interface Remaking {
    float[] of(float[] values);
  }

  /** Vectors one behind the other. */
  String joined(String name, List<String> parts, long... shape) {
    List<String> own = parts.stream().map(part -> want(part, shape)).toList();
    int size = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    return constant(
        name,
        new long[] {(long) size * parts.size()},
        weights -> {
          float[] all = new float[size * own.size()];
          for (int i = 0; i < own.size(); i++) {
            System.arraycopy(weights.read(own.get(i)), 0, all, i * size, size);
          }
          return all;
        });
  }

  /**
   * Matrices side by side, {@code [in][parts x out]}.
   *
   * @param shape of each part in the file
   * @param outFirst whether that is {@code [out][in]}, as torch's Linear has it
   */
  String sideBySide(
      String name, List<String> parts, int in, int out, boolean outFirst, long... shape) {
    List<String> own = parts.stream().map(part -> want(part, shape)).toList();
    return constant(
        name,
        new long[] {in, (long) out * parts.size()},
        weights -> {
          float[] all = new float[Math.multiplyExact(in, out * own.size())];
          for (int i = 0; i < own.size(); i++) {
            float[] part = weights.read(own.get(i));
            Matrices.place(part, in, out, outFirst, all, i * out, out * own.size());
          }
          return all;
        });
  }

  private String constant(String name, long[] shape, Values values) {
    constants.put(name, (weights, graph) -> graph.constant(name, shape, values.of(weights)));
    return name;
  }

  private String want(String name, long... shape) {
    String own = own(name);
    wanted.put(own, shape);
    return own;
  }

  /** The file's own name; norms that came from TensorFlow have gamma and beta. */
  private String own(String name) {
    String full = prefix + name;
    String old =
        full.replaceFirst("Norm\\.weight$", "Norm.gamma").replaceFirst("Norm\\.bias$", "Norm.beta");
    return !tensors.names().contains(full) && tensors.names().contains(old) ? old : full;
  }

  /**
   * Reads them all.
   *
   * @param most bytes that they may take together
   * @throws UserError that lists all that is missing or misshapen, or if they take more
   */
  void writeTo(OnnxGraph graph, long most) throws IOException {
    WeightBinding weights = WeightBinding.of(tensors, file, wanted);
    long bytes = wanted.values().stream().mapToLong(Parameters::bytes).sum();
    if (bytes > most) {
      throw new UserError(
          "Cannot use the weights in %s for this network: those up to the cut take %d bytes (limit %d). Cut it at an earlier layer."
              .formatted(file, bytes, most));
    }
    for (Constant constant : constants.values()) {
      constant.write(weights, graph);
    }
  }

  private static long bytes(long[] shape) {
    return Arrays.stream(shape).reduce(Float.BYTES, Math::multiplyExact);
  }
}
