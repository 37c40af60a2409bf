package org.graft.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.common.UserError;
import org.graft.text.SentencePieceModel.Kind;
import org.graft.text.SentencePieceModel.Piece;

/**
 * A SentencePiece {@code .model} as a {@code tokenizer.json}, and beside it how texts are written
 * beforehand ({@link SentencePieceText}). Tokens are those of the {@code sentencepiece} library
 * itself: what looks like a special token in a text is text. T5's {@code </s>} stands behind a
 * text, XLNet's {@code <sep> <cls>}.
 */
final class SentencePieceFile {
  private static final String END = "</s>";
  private static final String SEPARATOR = "<sep>";
  private static final String CLASS = "<cls>";

  /** What XLNet's own program takes from pieces such as {@code 9,}. */
  private static final double COMMA = 100;

  private final SentencePieceModel model;
  private final boolean xlnet;

  private SentencePieceFile(SentencePieceModel model) {
    this.model = model;
    this.xlnet = model.control(SEPARATOR) >= 0 && model.control(CLASS) >= 0;
  }

  /**
   * @param what names the file in errors
   * @throws UserError if it is no model, or not of a family that is known
   */
  static Map<String, Object> json(byte[] file, String what) {
    SentencePieceFile known = new SentencePieceFile(SentencePieceModel.read(file, what));
    if (!known.xlnet && (known.model.control(END) < 0 || known.model.control("<s>") >= 0)) {
      throw new UserError(
          "Cannot use the tokenizer file %s: it does not say what stands around a text (T5's models have </s> and no <s>, XLNet's <sep> and <cls>). Take the network's tokenizer.json."
              .formatted(what));
    }
    return known.json();
  }

  private Map<String, Object> json() {
    Map<String, Object> tokenizer = new LinkedHashMap<>();
    tokenizer.put("version", "1.0");
    tokenizer.put("added_tokens", List.of());
    tokenizer.put("post_processor", around());
    tokenizer.put("model", model.byPairs() ? pairs() : unigram());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sentencePiece", model.text().withPlain(xlnet));
    json.put("tokenizer", tokenizer);
    return json;
  }

  private Map<String, Object> unigram() {
    double highest =
        model.pieces().stream()
            .filter(piece -> piece.kind() == Kind.NORMAL)
            .mapToDouble(Piece::score)
            .max()
            .orElse(0);
    List<Object> vocabulary = new ArrayList<>();
    for (Piece piece : model.pieces()) {
      vocabulary.add(List.of(matched(piece), score(piece, highest)));
    }
    Map<String, Object> unigram = new LinkedHashMap<>();
    unigram.put("type", "Unigram");
    unigram.put("unk_id", unknown());
    unigram.put("vocab", vocabulary);
    unigram.put("byte_fallback", false);
    return unigram;
  }

  /** Blanks are gone when pieces are looked for: with one, what is no text is never found. */
  private static String matched(Piece piece) {
    boolean text = piece.kind() == Kind.NORMAL || piece.kind() == Kind.USER_DEFINED;
    return text ? piece.text() : " " + piece.text();
  }

  /** That of a user's symbol is such that it is taken whole. */
  private double score(Piece piece, double highest) {
    int length = piece.text().getBytes(StandardCharsets.UTF_8).length;
    if (piece.kind() == Kind.USER_DEFINED) {
      return length * highest - 0.1;
    }
    return xlnet && piece.text().matches("(?s).*\\p{Nd},") ? piece.score() - COMMA : piece.score();
  }

  private int unknown() {
    for (int id = 0; id < model.pieces().size(); id++) {
      if (model.pieces().get(id).kind() == Kind.UNKNOWN) {
        return id;
      }
    }
    throw new IllegalStateException("checked when it was read");
  }

  private Map<String, Object> pairs() {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    Map<String, Integer> letters = new HashMap<>();
    for (int id = 0; id < model.pieces().size(); id++) {
      Piece piece = model.pieces().get(id);
      boolean asItIs = piece.kind() == Kind.NORMAL || piece.kind() == Kind.BYTE;
      vocabulary.put(asItIs ? piece.text() : " " + piece.text(), id);
      if (piece.kind() == Kind.NORMAL) {
        letters.put(piece.text(), id);
      }
    }
    Map<String, Object> pairs = new LinkedHashMap<>();
    pairs.put("type", "BPE");
    pairs.put("unk_token", " " + model.pieces().get(unknown()).text());
    pairs.put("fuse_unk", true);
    pairs.put("byte_fallback", model.bytes());
    pairs.put("vocab", vocabulary);
    pairs.put("merges", merges(letters));
    return pairs;
  }

  private record Merge(float score, int id, String left, String right) {}

  /** Each piece out of every two others that it is made of, the best first. */
  private List<List<String>> merges(Map<String, Integer> normal) {
    List<Merge> merges = new ArrayList<>();
    normal.forEach(
        (text, id) -> {
          for (int cut = 1; cut < text.length(); cut++) {
            String left = text.substring(0, cut);
            String right = text.substring(cut);
            if (normal.containsKey(left) && normal.containsKey(right)) {
              merges.add(new Merge(model.pieces().get(id).score(), id, left, right));
            }
          }
        });
    merges.sort(
        Comparator.comparing(Merge::score)
            .reversed()
            .thenComparing(Merge::id)
            .thenComparing(Merge::left)
            .thenComparing(Merge::right));
    return merges.stream().map(merge -> List.of(merge.left(), merge.right())).toList();
  }

  private Map<String, Object> around() {
    List<Object> first = List.of(sequence("A", 0));
    List<Object> second = List.of(sequence("B", xlnet ? 1 : 0));
    List<Object> single = new ArrayList<>(first);
    List<Object> pair = new ArrayList<>(first);
    String between = xlnet ? SEPARATOR : END;
    single.add(special(between, 0));
    pair.add(special(between, 0));
    pair.addAll(second);
    pair.add(special(between, xlnet ? 1 : 0));
    Map<String, Object> tokens = new LinkedHashMap<>();
    tokens.put(between, token(between));
    if (xlnet) {
      single.add(special(CLASS, 2));
      pair.add(special(CLASS, 2));
      tokens.put(CLASS, token(CLASS));
    }
    Map<String, Object> template = new LinkedHashMap<>();
    template.put("type", "TemplateProcessing");
    template.put("single", single);
    template.put("pair", pair);
    template.put("special_tokens", tokens);
    return template;
  }

  private static Map<String, Object> sequence(String id, int type) {
    return Map.of("Sequence", Map.of("id", id, "type_id", type));
  }

  private static Map<String, Object> special(String id, int type) {
    return Map.of("SpecialToken", Map.of("id", id, "type_id", type));
  }

  private Map<String, Object> token(String text) {
    return Map.of("id", text, "ids", List.of(model.control(text)), "tokens", List.of(text));
  }
}
