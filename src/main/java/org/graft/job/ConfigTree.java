package org.graft.job;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;

/**
 * YAML as a tree whose scalars are texts, just as they stand: YAML would read the class {@code 010}
 * as 8 and the digest {@code 12345e67} as infinite. The record that takes a value says its type.
 */
final class ConfigTree {
  private static final YAMLFactory YAML =
      YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final int DEEPEST = 32;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ConfigTree() {}

  /**
   * @return missing where the text has no value
   * @throws JsonProcessingException for what is not YAML, or more of it than is used here
   */
  static JsonNode parse(String yaml) throws IOException {
    try (YAMLParser parser = YAML.createParser(yaml)) {
      if (parser.nextToken() == null) {
        return NODES.missingNode();
      }
      JsonNode tree = node(parser, 0);
      if (parser.nextToken() != null) {
        throw refused(parser, "a second document begins ('---')", "Use a file for each");
      }
      return tree;
    }
  }

  private static JsonNode node(YAMLParser parser, int depth) throws IOException {
    if (parser.isCurrentAlias()) {
      throw refused(
          parser,
          "'*%s' refers to another value".formatted(parser.getText()),
          "Write the value itself");
    }
    if (depth > DEEPEST) {
      throw refused(parser, "values are nested more than %d deep".formatted(DEEPEST), "Write keys");
    }
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      ObjectNode object = NODES.objectNode();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        object.set(name, node(parser, depth + 1));
      }
      return object;
    }
    if (token == JsonToken.START_ARRAY) {
      ArrayNode array = NODES.arrayNode();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.add(node(parser, depth + 1));
      }
      return array;
    }
    return token == JsonToken.VALUE_NULL ? NODES.nullNode() : NODES.textNode(parser.getText());
  }

  private static JsonProcessingException refused(JsonParser parser, String why, String instead) {
    return new JsonParseException(parser, why + ", which a config cannot do. " + instead + ".");
  }
}
