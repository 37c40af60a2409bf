package org.graft.engine.tokenizer;

import org.graft.text.SentencePieceText;
import org.graft.text.Tokenizer;
import org.graft.text.Tokens;

/** A tokenizer whose texts are written otherwise beforehand. */
final class RewritingTokenizer implements Tokenizer {
  private final SentencePieceText.Writer writer;
  private final Tokenizer tokenizer;

  RewritingTokenizer(SentencePieceText text, Tokenizer tokenizer) {
    this.writer = text.writer();
    this.tokenizer = tokenizer;
  }

  @Override
  public Tokens encode(String text) {
    return tokenizer.encode(writer.of(text));
  }

  @Override
  public Tokens encode(String first, String second) {
    return tokenizer.encode(writer.of(first), writer.of(second));
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
