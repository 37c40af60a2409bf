package org.graft.common;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The one way JSON is written and read here; no other core package sees Jackson. */
public final class Json {
  private static final ObjectMapper STRICT = builder().build();
  private static final ObjectMapper CANONICAL =
      builder().enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

  private static JsonMapper.Builder builder() {
    return JsonMapper.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .serializationInclusion(JsonInclude.Include.NON_ABSENT);
  }

  private Json() {}

  /** The strict mapper, for code beside this class only (the config loader). */
  public static ObjectMapper mapper() {
    return STRICT;
  }

  /** One line, keys sorted: equal values give equal text, fit for digests. */
  public static String canonical(Object value) {
    return write(CANONICAL, value, false);
  }

  /** One line, keys in declaration order. */
  public static String line(Object value) {
    return write(STRICT, value, false);
  }

  /** Indented, for people. */
  public static String pretty(Object value) {
    return write(STRICT, value, true);
  }

  private static String write(ObjectMapper mapper, Object value, boolean indent) {
    try {
      return indent
          ? mapper.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n"
          : mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + value.getClass(), e);
    }
  }

  /**
   * @param what names the text in the error, for instance its path
   */
  public static <T> T read(byte[] json, Class<T> type, String what) {
    try {
      return STRICT.readValue(json, type);
    } catch (IOException e) {
      throw new UserError("Cannot read " + what + ": " + brief(e), e);
    }
  }

  /** The tree as maps, lists, strings, numbers and booleans. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> readMap(byte[] json, String what) {
    Map<String, Object> map = (Map<String, Object>) read(json, LinkedHashMap.class, what);
    if (map == null) {
      throw new UserError("Cannot read " + what + ": it is null, where an object was due");
    }
    return map;
  }

  public static <T> T convert(JsonNode node, Class<T> type) throws JsonProcessingException {
    return STRICT.treeToValue(node, type);
  }

  private static String brief(IOException e) {
    if (!(e instanceof JsonProcessingException json)) {
      return e.toString();
    }
    // Jackson's advice is for those who wrote the program.
    String message = json.getOriginalMessage().replaceAll(" \\(set Deserialization.*\\)", "");
    return json instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()
        ? "at " + where(mapping) + ": " + message
        : message;
  }

  private static String where(JsonMappingException e) {
    return e.getPath().stream()
        .map(at -> at.getFieldName() == null ? "[" + at.getIndex() + "]" : at.getFieldName())
        .collect(Collectors.joining("."));
  }
}
