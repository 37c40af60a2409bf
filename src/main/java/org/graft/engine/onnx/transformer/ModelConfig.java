package org.graft.engine.onnx.transformer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.graft.common.Json;
import org.graft.common.NearestMatch;
import org.graft.common.Problems;
import org.graft.common.UserError;

/**
 * A {@code config.json} of Hugging Face's transformers. What shapes the network is read strictly,
 * and all that is wrong is told at once by {@link #check}; other keys are of no concern. A key that
 * is absent or null has the value that transformers gives it.
 */
final class ModelConfig {
  private static final long LONGEST = 16 << 20; // bytes; labels of classifiers are in it
  private static final double LARGEST_EPSILON = 1;

  private final String file;
  private final Map<String, Object> values;
  private final Problems problems = new Problems();

  ModelConfig(String file, Map<String, Object> values) {
    this.file = file;
    this.values = values;
  }

  /**
   * @throws UserError if there is no such file, or it is no JSON object
   */
  static ModelConfig read(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new UserError(
          "Cannot build the network of %s: there is no such file. Put the config.json of the weights there."
              .formatted(path));
    }
    if (Files.size(path) > LONGEST) {
      throw new UserError(
          "Cannot build the network of %s: it has %d bytes (limit %d). Give the config.json of the weights."
              .formatted(path, Files.size(path), LONGEST));
    }
    return new ModelConfig(
        path.toString(), Json.readMap(Files.readAllBytes(path), path.toString()));
  }

  /** A name among {@code supported}, which must be there. */
  String required(String key, Collection<String> supported) {
    return choice(key, supported, null);
  }

  /** A name among {@code supported}; {@code otherwise} where the key is absent or wrong. */
  String choice(String key, Collection<String> supported, String otherwise) {
    Object value = value(key, otherwise);
    if (value instanceof String text && supported.contains(text)) {
      return text;
    }
    String hint = value instanceof String text ? NearestMatch.hint(text, supported) : "";
    hint = hint.isEmpty() ? "" : "." + hint;
    problems.add(
        "%s",
        "%s is %s (supported: %s)%s"
            .formatted(key, quoted(value), String.join(", ", supported), hint));
    return otherwise;
  }

  /** A size from 1 to {@code most}, which must be there. */
  int size(String key, int most) {
    return size(key, most, null);
  }

  /**
   * @param otherwise where the key is absent; null if it must be there
   */
  int size(String key, int most, Integer otherwise) {
    Object value = value(key, otherwise);
    if (value instanceof Integer size && size >= 1 && size <= most) {
      return size;
    }
    problems.add("%s", "%s is %s (wanted: 1 to %d)".formatted(key, quoted(value), most));
    return 1;
  }

  /** A whole number from -1 on, as transformers has it for what may be switched off. */
  int number(String key, int otherwise) {
    Object value = value(key, otherwise);
    if (value instanceof Integer number && number >= -1) {
      return number;
    }
    problems.add("%s", "%s is %s (wanted: -1 or more)".formatted(key, quoted(value)));
    return otherwise;
  }

  float epsilon(String key, double otherwise) {
    Object value = value(key, otherwise);
    if (value instanceof Number number
        && number.doubleValue() > 0
        && number.doubleValue() < LARGEST_EPSILON) {
      return number.floatValue();
    }
    problems.add(
        "%s", "%s is %s (wanted: between 0 and 1, both excluded)".formatted(key, quoted(value)));
    return (float) otherwise;
  }

  /** Refuses a key with a value that asks for another network than is drawn. */
  void only(String key, Object... supported) {
    Object value = values.get(key);
    if (value != null && !Arrays.asList(supported).contains(value)) {
      String list = Arrays.stream(supported).map(String::valueOf).collect(Collectors.joining(", "));
      problems.add("%s", "%s is %s (supported: %s)".formatted(key, quoted(value), list));
    }
  }

  /** For what values must be to each other; only once each is sound. */
  void check(boolean holds, String format, Object... args) {
    problems.check(holds || !problems.isEmpty(), format, args);
  }

  /** Refuses {@code a} if it is no multiple of {@code b}. */
  void multiple(String a, int size, String b, int of) {
    check(size % of == 0, "%s is %d, no multiple of %s %d", a, size, b, of);
  }

  /**
   * @throws UserError with everything that was wrong
   */
  void check() {
    problems.throwIfAny("Cannot build the network of " + file);
  }

  private Object value(String key, Object otherwise) {
    Object value = values.get(key);
    return value == null ? otherwise : value;
  }

  private static String quoted(Object value) {
    String text = String.valueOf(value);
    String brief = text.length() > 100 ? text.substring(0, 100) + "…" : text;
    return value == null ? "missing" : value instanceof String ? "'" + brief + "'" : brief;
  }
}
