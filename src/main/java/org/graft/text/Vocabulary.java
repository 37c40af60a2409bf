package org.graft.text;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.graft.common.Json;
import org.graft.common.PackedText;

/** The ids that a {@code tokenizer.json} gives. */
public final class Vocabulary {
  private static final int MOST_BYTES = 64 << 20;

  private Vocabulary() {}

  /**
   * @param packed what a card holds: a {@code tokenizer.json}, or what {@link TokenizerFiles} makes
   *     of a SentencePiece model
   * @param what names it in errors
   * @return the largest; -1 where the file lists none
   */
  public static long largest(String packed, String what) {
    Map<String, Object> json = Json.readMap(PackedText.unpack(packed, MOST_BYTES, what), what);
    Map<?, ?> whole = json.get("tokenizer") instanceof Map<?, ?> inner ? inner : json;
    return Stream.concat(
            words(object(whole.get("model")).get("vocab")), added(whole.get("added_tokens")))
        .mapToLong(Long::longValue)
        .max()
        .orElse(-1);
  }

  private static Map<?, ?> object(Object json) {
    return json instanceof Map<?, ?> map ? map : Map.of();
  }

  /** By word; or in the order of their ids, as models of pieces have them. */
  private static Stream<Long> words(Object json) {
    return json instanceof List<?> pieces
        ? Stream.of(pieces.size() - 1L)
        : numbers(object(json).values());
  }

  private static Stream<Long> added(Object json) {
    return json instanceof List<?> tokens
        ? numbers(tokens.stream().map(token -> object(token).get("id")).toList())
        : Stream.of();
  }

  private static Stream<Long> numbers(Collection<?> ids) {
    return ids.stream().filter(Number.class::isInstance).map(id -> ((Number) id).longValue());
  }
}
