package org.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.testing.SmallModels;
import org.junit.jupiter.api.Test;

class BackboneCardTest {
  private static final String TEXT =
      """
      {"name": "t.x", "architecture": "onnx", "text": {"maxTokens": 16, "prefix": "query: "},
       "cuts": [{"name": "last", "layer": "y", "channels": 4, "height": 16, "width": 1,
                 "pooling": "avg"}],
       "defaultCut": "last", "licence": "CC0-1.0", "origin": "made up", "verified": false,
       "weights": {"file": "t.onnx", "sources": []},
       "tokenizer": {"files": [{"file": "tokenizer.json", "sources": []}]}}
      """;

  private static BackboneCard read(String json) {
    return BackboneCatalog.read(json.getBytes(StandardCharsets.UTF_8), "a card");
  }

  private static String refusal(String json) {
    return assertThrows(UserError.class, () -> read(json)).getMessage();
  }

  @Test
  void aTextCardTakesTokenIds() {
    BackboneCard card = read(TEXT);
    assertEquals(16, card.input().length());
    assertEquals(card, read(Json.canonical(card)));
    assertEquals(card.text(), card.withWeights("other.onnx").text());
  }

  @Test
  void pictureCardsDoNotMentionOtherKinds() {
    String json = Json.canonical(SmallModels.CARD);
    assertFalse(json.contains("text") || json.contains("audio") || json.contains("tokenizer"));
  }

  @Test
  void aCardIsOfOneKind() {
    String none = TEXT.replace("\"text\": {\"maxTokens\": 16, \"prefix\": \"query: \"},", "");
    assertTrue(refusal(none).contains("has 0 of preprocessing (pictures), text and audio"));
    String two =
        TEXT.replace(
            "\"cuts\"",
            "\"audio\": {\"sampleRate\": 16000, \"frontEnd\": \"m\", \"window\": 1, \"hop\": 1}, \"cuts\"");
    assertTrue(refusal(two).contains("has 2 of preprocessing (pictures), text and audio"));
  }

  @Test
  void textsNeedATokenizerAndNothingElseHasOne() {
    String without = TEXT.replaceAll(",\\s*\"tokenizer\".*", "}");
    assertTrue(refusal(without).contains("text, but no tokenizer"), refusal(without));
  }
}
