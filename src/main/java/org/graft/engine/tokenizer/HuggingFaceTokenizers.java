package org.graft.engine.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.nio.charset.StandardCharsets;
import org.graft.common.UserError;
import org.graft.text.Tokenizer;
import org.graft.text.TokenizerLibrary;

/**
 * Tokenizers of {@code tokenizer.json} files, as transformers runs them. What such a file says of
 * padding and truncation is left out: the card says it.
 */
public final class HuggingFaceTokenizers implements TokenizerLibrary {
  @Override
  public Tokenizer load(byte[] json, String what) {
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
