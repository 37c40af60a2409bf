package org.graft.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.graft.common.PackedText;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  private static long largest(byte[] json) {
    return Vocabulary.largest(PackedText.pack(json), "it");
  }

  private static long largest(String json) {
    return largest(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void idsMayHaveGapsAndTokensBeAdded() {
    assertEquals(7, largest("{\"model\": {\"vocab\": {\"a\": 7, \"b\": 2}}}"));
    assertEquals(
        9,
        largest(
            "{\"added_tokens\": [{\"id\": 9, \"content\": \"x\"}, {\"content\": \"?\"}], \"model\": {\"vocab\": {\"a\": 7}}}"));
    assertEquals(-1, largest("{\"model\": {\"type\": \"new\"}}"));
    assertThrows(UserError.class, () -> largest("[]"));
  }

  @Test
  void piecesAreCounted() throws IOException {
    assertEquals(2, largest("{\"model\": {\"vocab\": [[\"a\", 0], [\"b\", -1.5], [\"c\", -2]]}}"));
    Path model = Path.of("src/test/resources/golden/text/t5.model");
    byte[] bytes = Files.readAllBytes(model);
    long pieces = SentencePieceModel.read(bytes, "it").pieces().size();
    assertEquals(pieces - 1, largest(TokenizerFiles.json(Map.of("t5.model", bytes))));
  }
}
