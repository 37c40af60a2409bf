package org.graft.spark.tar;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * Where a sample's labels and split stand, beside its picture.
 *
 * @param label field of {@code KEY.json}: a text or a number, or a list of them
 * @param split field of {@code KEY.json}
 * @param columns other fields of {@code KEY.json}, plain values, that are kept with the sample
 */
public record TarFields(String label, String split, List<String> columns) implements Serializable {
  /** Of what is kept beside labels and split, nothing. */
  public TarFields(String label, String split) {
    this(label, split, List.of());
  }

  static final Set<String> KINDS = Set.of("cls", "json", "txt");
  static final long MOST_BYTES = 1 << 20;

  /** The lines of a {@code .cls} or {@code .txt} that are not blank. */
  static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }

  static Map<String, Object> json(byte[] text) throws RejectedException {
    try {
      return Json.readMap(text, "its .json");
    } catch (UserError e) {
      throw new RejectedException(Reason.UNKNOWN_LABEL, e.getMessage(), e);
    }
  }

  /** Null where there is no such field. */
  List<String> labels(Map<String, Object> json) throws RejectedException {
    Object value = json.get(label);
    if (value == null) {
      return null;
    }
    List<?> values = value instanceof List<?> list ? list : List.of(value);
    for (Object each : values) {
      if (!(each instanceof String || each instanceof Number || each instanceof Boolean)) {
        throw new RejectedException(
            Reason.UNKNOWN_LABEL, "'%s' in its .json is no label: %s".formatted(label, each));
      }
    }
    return values.stream().map(each -> each.toString().strip()).toList();
  }

  /** A value a column, null where there is no such field; null where none are kept. */
  List<String> columns(Map<String, Object> json) {
    if (columns.isEmpty()) {
      return null;
    }
    return columns.stream()
        .map(json::get)
        .map(value -> value == null ? null : value.toString().strip())
        .collect(Collectors.toList()); // that may hold nulls
  }

  /** Null where there is no such field. */
  String split(Map<String, Object> json) {
    Object value = json.get(split);
    return value == null ? null : value.toString();
  }
}
