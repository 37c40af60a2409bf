package org.graft.engine.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.text.SentencePieceText;
import org.graft.text.Tokenizer;
import org.graft.text.TokenizerLibrary;

/**
 * Tokenizers of {@code tokenizer.json} files, as transformers runs them. What such a file says of
 * padding and truncation is left out: the card says it.
 */
public final class HuggingFaceTokenizers implements TokenizerLibrary {
  /** What {@link org.graft.text.TokenizerFiles} makes of a SentencePiece model begins so. */
  private static final byte[] REWRITING = "{\"sentencePiece\":".getBytes(StandardCharsets.UTF_8);

  @Override
  public Tokenizer load(byte[] json, String what) {
    return Arrays.mismatch(REWRITING, json) == REWRITING.length
        ? rewriting(Json.readMap(json, what), what)
        : plain(json, what);
  }

  private static Tokenizer rewriting(Map<String, Object> json, String what) {
    SentencePieceText text =
        Json.read(bytes(json.get("sentencePiece")), SentencePieceText.class, what);
    return new RewritingTokenizer(text, plain(bytes(json.get("tokenizer")), what));
  }

  private static byte[] bytes(Object json) {
    return Json.line(json).getBytes(StandardCharsets.UTF_8);
  }

  private static Tokenizer plain(byte[] json, String what) {
    TokenizersLibrary library = NativeTokenizers.library();
    try {
      long handle = library.createTokenizerFromString(new String(json, StandardCharsets.UTF_8));
      library.disablePadding(handle);
      library.disableTruncation(handle);
      return new NativeTokenizer(handle);
    } catch (RuntimeException e) {
      throw new UserError(
          "Cannot use %s: it is no tokenizer.json (%s). Take the one that lies beside the weights."
              .formatted(what, e.getMessage()),
          e);
    }
  }

  @Override
  public String version() {
    return "tokenizers " + NativeTokenizers.version();
  }
}
