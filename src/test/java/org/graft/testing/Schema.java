package org.graft.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A Kubernetes structural schema, as strict as {@code kubectl --validate=strict}. */
public final class Schema {
  private final List<String> problems = new ArrayList<>();

  private Schema() {}

  /** What of {@code value} does not fit, one line each. */
  public static List<String> problems(JsonNode value, JsonNode schema) {
    Schema checked = new Schema();
    checked.check("", value, schema);
    return checked.problems;
  }

  private void check(String path, JsonNode value, JsonNode schema) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      expect(value.isInt() || value.isTextual(), path, "an integer or a string");
      return;
    }
    switch (schema.path("type").asText("object")) {
      case "object" -> object(path, value, schema);
      case "array" -> {
        expect(value.isArray(), path, "a list");
        value.forEach(item -> check(path + "[]", item, schema.required("items")));
      }
      case "string" -> expect(value.isTextual(), path, "a string");
      case "boolean" -> expect(value.isBoolean(), path, "a boolean");
      case "integer" -> expect(value.isIntegralNumber(), path, "an integer");
      default -> expect(value.isNumber(), path, "a number");
    }
    if (schema.has("enum")) {
      boolean found = false;
      for (JsonNode one : schema.required("enum")) {
        found |= one.equals(value);
      }
      expect(found, path, "one of " + schema.required("enum"));
    }
  }

  private void object(String path, JsonNode value, JsonNode schema) {
    expect(value.isObject(), path, "an object");
    schema
        .path("required")
        .forEach(name -> expect(value.has(name.asText()), path + "." + name.asText(), "there"));
    if (path.equals(".metadata") || schema.has("x-kubernetes-preserve-unknown-fields")) {
      return;
    }
    value
        .fields()
        .forEachRemaining(
            field -> {
              String at = path + "." + field.getKey();
              JsonNode known = schema.path("properties").path(field.getKey());
              JsonNode other = schema.path("additionalProperties");
              if (known.isMissingNode() && !other.isObject()) {
                problems.add(at + " is no field");
              } else {
                check(at, field.getValue(), known.isMissingNode() ? other : known);
              }
            });
  }

  private void expect(boolean holds, String path, String what) {
    if (!holds) {
      problems.add(path + " is not " + what);
    }
  }
}
