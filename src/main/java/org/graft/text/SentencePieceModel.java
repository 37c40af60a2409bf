package org.graft.text;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.graft.common.ProtoMessage;
import org.graft.common.UserError;

/**
 * A SentencePiece model, as {@code sentencepiece_model.proto} has it.
 *
 * @param pieces by id
 * @param byPairs whether pieces are merged from letters (BPE); else the likeliest ones are taken
 *     (unigram)
 * @param bytes whether letters that are not there become pieces for bytes
 */
record SentencePieceModel(
    List<Piece> pieces, boolean byPairs, boolean bytes, SentencePieceText text) {
  private static final int MOST_PIECES = 1 << 21; // what an input of Graft's can say
  private static final int UNIGRAM = 1;
  private static final int PAIRS = 2;

  /** What a piece is there for, in the order of the format's numbers, from 1 on. */
  enum Kind {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /**
   * @param score the larger, the sooner it is taken
   */
  record Piece(String text, float score, Kind kind) {}

  /**
   * @param what names the file in errors
   * @throws UserError if it is none, or of a kind that is not read
   */
  static SentencePieceModel read(byte[] file, String what) {
    try {
      SentencePieceModel model =
          of(new ProtoMessage(ByteBuffer.wrap(file), IllegalArgumentException::new));
      model.check();
      return model;
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "Cannot use the tokenizer file %s: it is no SentencePiece model that can be read (%s). Take the network's tokenizer.json."
              .formatted(what, e.getMessage()),
          e);
    }
  }

  private static SentencePieceModel of(ProtoMessage model) {
    List<Piece> pieces = new ArrayList<>();
    Training training = new Training(UNIGRAM, false, false);
    SentencePieceText text = SentencePieceText.DEFAULTS;
    while (model.next()) {
      switch (model.field()) {
        case 1 -> {
          if (pieces.size() == MOST_PIECES) {
            throw new IllegalArgumentException("more than %d pieces".formatted(MOST_PIECES));
          }
          pieces.add(piece(model.message()));
        }
        case 2 -> training = Training.of(model.message());
        case 3 -> text = text(model.message());
        default -> {} // tests of the model itself, and how tokens become texts
      }
    }
    if (training.type != UNIGRAM && training.type != PAIRS) {
      throw new IllegalArgumentException(
          "its pieces are words or characters: kind %d (1 and 2 are read: unigram, BPE)"
              .formatted(training.type));
    }
    return new SentencePieceModel(
        pieces, training.type == PAIRS, training.bytes, text.withSuffix(training.suffix));
  }

  private record Training(long type, boolean suffix, boolean bytes) {
    static Training of(ProtoMessage fields) {
      long type = UNIGRAM;
      boolean suffix = false;
      boolean bytes = false;
      while (fields.next()) {
        switch (fields.field()) {
          case 3 -> type = fields.number();
          case 24 -> suffix = fields.flag();
          case 35 -> bytes = fields.flag();
          default -> {}
        }
      }
      return new Training(type, suffix, bytes);
    }
  }

  private static Piece piece(ProtoMessage fields) {
    String text = "";
    float score = 0;
    int kind = 1;
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> text = fields.text();
        case 2 -> score = fields.decimal();
        case 3 -> kind = (int) fields.number();
        default -> {}
      }
    }
    if (text.isEmpty() || !Float.isFinite(score) || kind < 1 || kind > Kind.values().length) {
      throw new IllegalArgumentException(
          "piece '%s' of kind %d with the score %s".formatted(text, kind, score));
    }
    return new Piece(text, score, Kind.values()[kind - 1]);
  }

  private static SentencePieceText text(ProtoMessage fields) {
    String charsMap = null;
    boolean prefix = true;
    boolean fewBlanks = true;
    boolean marked = true;
    while (fields.next()) {
      switch (fields.field()) {
        case 2 -> charsMap = base64(fields.bytes());
        case 3 -> prefix = fields.flag();
        case 4 -> fewBlanks = fields.flag();
        case 5 -> marked = fields.flag();
        default -> {}
      }
    }
    return new SentencePieceText(charsMap, prefix, false, fewBlanks, marked, false);
  }

  private static String base64(ByteBuffer part) {
    byte[] bytes = new byte[part.remaining()];
    part.get(bytes);
    return bytes.length == 0 ? null : Base64.getEncoder().encodeToString(bytes);
  }

  private void check() {
    long unknown = count(Kind.UNKNOWN);
    if (unknown != 1) {
      throw new IllegalArgumentException(
          "%d of its %d pieces stand for what is unknown (1 is wanted)"
              .formatted(unknown, pieces.size()));
    }
    if (pieces.stream().map(Piece::text).distinct().count() < pieces.size()) {
      throw new IllegalArgumentException("a piece is there twice");
    }
    if (!byPairs && bytes) {
      throw new IllegalArgumentException("a unigram model with pieces for bytes");
    }
    if (count(Kind.USER_DEFINED) > 0 && byPairs) {
      throw new IllegalArgumentException("a BPE model with symbols of its user");
    }
    if (count(Kind.UNUSED) > 0 && byPairs) {
      throw new IllegalArgumentException("a BPE model with unused pieces");
    }
    text.check();
  }

  private long count(Kind kind) {
    return pieces.stream().filter(piece -> piece.kind() == kind).count();
  }

  /** The id of a control piece; -1 where there is none of that text. */
  int control(String text) {
    for (int id = 0; id < pieces.size(); id++) {
      if (pieces.get(id).kind() == Kind.CONTROL && pieces.get(id).text().equals(text)) {
        return id;
      }
    }
    return -1;
  }
}
