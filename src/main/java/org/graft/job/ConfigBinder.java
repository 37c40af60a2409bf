package org.graft.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.graft.common.Location;
import org.graft.common.NearestMatch;
import org.graft.common.Problems;

/**
 * Binds a YAML tree to records, strictly: unknown keys are refused with the nearest known one, and
 * every problem is reported, not the first. A record's {@code DEFAULTS} constant gives the values
 * of absent keys; a component whose default is null must be given. A sealed interface is chosen by
 * the key {@code kind}: the permitted record's name, in kebab case.
 */
final class ConfigBinder {
  private final Problems problems;
  private final Locations locations;
  private final Map<String, Object> effective = new TreeMap<>();

  /** Makes a relative location absolute, given the key that names it. */
  @FunctionalInterface
  interface Locations {
    String resolve(String key, String location);
  }

  ConfigBinder(Problems problems, Locations locations) {
    this.problems = problems;
    this.locations = locations;
  }

  /** Every leaf key with the value in force. */
  Map<String, Object> effective() {
    return effective;
  }

  /** Null where something is wrong; then {@code problems} says what. */
  <T> T bind(JsonNode node, Class<T> type) {
    return type.cast(object(node, type, ""));
  }

  private Object object(JsonNode given, Class<?> type, String path) {
    JsonNode node =
        given.isTextual() && type.isSealed() // "head: mlp" is short for its kind
            ? JsonNodeFactory.instance.objectNode().put("kind", given.asText())
            : given;
    if (!node.isObject() && !node.isMissingNode() && !node.isNull()) {
      problems.add("'%s' must be a block of keys, not %s", trim(path), node);
      return null;
    }
    Class<?> chosen = type.isSealed() ? kind(node, type, path) : type;
    return chosen == null ? null : record(node, chosen, path, type.isSealed());
  }

  private Class<?> kind(JsonNode node, Class<?> type, String path) {
    Map<String, Class<?>> kinds = new LinkedHashMap<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      kinds.put(kindOf(permitted), permitted);
    }
    String kind = text(node.path("kind"));
    if (kind.isEmpty() && constant(type) != null) {
      return constant(type).getClass();
    }
    Class<?> chosen = kinds.get(kind.toLowerCase(Locale.ROOT));
    if (chosen == null) {
      problems.add(
          "'%skind' is %s: it must be one of %s.%s",
          path,
          kind.isEmpty() ? "missing" : "'" + kind + "'",
          kinds.keySet(),
          NearestMatch.hint(kind, kinds.keySet()));
    }
    return chosen;
  }

  /** {@code Dl4jStock} is {@code dl4j-stock}. */
  private static String kindOf(Class<?> type) {
    return type.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  private Object record(JsonNode node, Class<?> type, String path, boolean hasKind) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> known =
        new ArrayList<>(Arrays.stream(components).map(RecordComponent::getName).toList());
    if (hasKind) {
      known.add("kind");
      effective.put(path + "kind", kindOf(type));
    }
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                problems.add(
                    "'%s%s' is not a key.%s Keys here: %s",
                    path, name, NearestMatch.hint(name, known), known);
              }
            });
    Object defaults = constant(type);
    Object[] values = new Object[components.length];
    boolean whole = true;
    for (int i = 0; i < components.length; i++) {
      values[i] = component(node, components[i], path, defaults);
      if (values[i] == null && defaults != null) { // so that the others are checked all the same
        values[i] = read(components[i], defaults);
      }
      whole &= values[i] != null || isBlock(components[i].getType());
    }
    return whole ? construct(type, components, values, path) : null;
  }

  private static boolean isBlock(Class<?> type) {
    return type.isRecord() || type.isSealed();
  }

  private Object component(JsonNode node, RecordComponent component, String path, Object defaults) {
    String key = path + component.getName();
    JsonNode child = node.path(component.getName());
    Class<?> type = component.getType();
    if (isBlock(type)) {
      return object(child.isNull() ? MissingNode.getInstance() : child, type, key + ".");
    }
    Object value;
    if (child.isMissingNode() || child.isNull()) {
      value = defaults == null ? null : read(component, defaults);
      if (value == null) {
        problems.add("'%s' is missing", key);
      }
    } else {
      value = leaf(child, component, key);
    }
    Location location = component.getAnnotation(Location.class);
    if (location != null && value instanceof String text && text.endsWith(location.ending())) {
      value = locations.resolve(key, text);
    } else if (location != null && value instanceof List<?> several) {
      value = several.stream().map(each -> locations.resolve(key, (String) each)).toList();
    }
    if (value instanceof Map<?, ?> entries && !entries.isEmpty()) {
      entries.forEach((name, text) -> effective.put(key + "." + name, text));
    } else {
      effective.put(key, value);
    }
    return value;
  }

  private Object leaf(JsonNode node, RecordComponent component, String key) {
    Class<?> type = component.getType();
    if (type == Map.class) {
      return texts(node, key);
    }
    return type == List.class
        ? list(node, (ParameterizedType) component.getGenericType(), key)
        : scalar(node, type, key);
  }

  /** Null where it is none. */
  private Object scalar(JsonNode node, Class<?> type, String key) {
    if (type.isEnum()) {
      return enumValue(text(node), type, key);
    }
    Object value = node.isTextual() ? value(node.asText(), type) : null;
    if (value == null) {
      problems.add("'%s' must be %s, not %s", key, describe(type), node);
    }
    return value;
  }

  private static String text(JsonNode node) {
    return node.isContainerNode() ? node.toString() : node.asText("");
  }

  private static Object value(String text, Class<?> type) {
    if (type == String.class) {
      return text;
    }
    if (type == boolean.class) {
      return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
    }
    try {
      BigDecimal number = new BigDecimal(text.strip().replace("_", ""));
      if (type == double.class || type == Double.class) {
        return Double.isFinite(number.doubleValue()) ? (Double) number.doubleValue() : null;
      }
      return type == long.class ? (Object) number.longValueExact() : number.intValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  /** Keys that the user names, with a text each. */
  private Object texts(JsonNode node, String key) {
    if (!node.isObject()) {
      problems.add("'%s' must be a block like {name: text}, not %s", key, node);
      return null;
    }
    Map<String, String> texts = new TreeMap<>();
    node.fieldNames()
        .forEachRemaining(
            name ->
                texts.put(name, (String) scalar(node.get(name), String.class, key + "." + name)));
    return texts.containsValue(null) ? null : Map.copyOf(texts);
  }

  private Object list(JsonNode node, ParameterizedType type, String key) {
    Class<?> element = (Class<?>) type.getActualTypeArguments()[0];
    if (!node.isArray()) {
      problems.add("'%s' must be a list like [a, b], not %s", key, node);
      return null;
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      values.add(scalar(node.get(i), element, key + "[" + i + "]"));
    }
    return values.contains(null) ? null : List.copyOf(values);
  }

  private Object enumValue(String text, Class<?> type, String key) {
    List<String> names =
        Stream.of(type.getEnumConstants())
            .map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT))
            .toList();
    int index = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (index < 0) {
      problems.add(
          "'%s' is '%s': it must be one of %s.%s",
          key, text, names, NearestMatch.hint(text, names));
      return null;
    }
    return type.getEnumConstants()[index];
  }

  private Object construct(
      Class<?> type, RecordComponent[] components, Object[] values, String path) {
    try {
      Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      Object made = constructor.newInstance(values);
      if (made instanceof Checked checked) {
        checked.check(problems, path);
      }
      return made;
    } catch (InvocationTargetException e) {
      problems.add("'%s': %s", trim(path), e.getCause().getMessage());
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("config record " + type, e);
    }
  }

  private static Object constant(Class<?> type) {
    try {
      var field = type.getDeclaredField("DEFAULTS");
      field.setAccessible(true);
      return field.get(null);
    } catch (NoSuchFieldException e) {
      return null;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("config record " + type, e);
    }
  }

  private static Object read(RecordComponent component, Object from) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(from);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("config component " + component, e);
    }
  }

  private static String describe(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    return type == double.class || type == Double.class ? "a number" : "a whole number";
  }

  private static String trim(String path) {
    return path.endsWith(".") ? path.substring(0, path.length() - 1) : path;
  }
}
