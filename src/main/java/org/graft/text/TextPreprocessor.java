package org.graft.text;

import org.graft.sample.RejectedException;
import org.graft.sample.WindowPooling;
import org.graft.sample.Windows;
import org.graft.text.TextPreparation.LongText;

/**
 * Bytes to token ids, as a card says. Thread-safe.
 *
 * <p>A text that is too long is cut between the special tokens around it, as Hugging Face's
 * tokenizers do. Of two texts the longer one is cut first, whatever the card says of long texts.
 */
public final class TextPreprocessor {
  private final TextPreparation rule;
  private final Tokenizer tokenizer;

  public TextPreprocessor(TextPreparation rule, Tokenizer tokenizer) {
    this.rule = rule;
    this.tokenizer = tokenizer;
  }

  /** How the features of a text's windows become one vector. */
  public WindowPooling pooling() {
    return rule.pooling() == null ? WindowPooling.MEAN : rule.pooling();
  }

  /**
   * @param content UTF-8, or another encoding of Unicode with its byte order mark; or a {@link
   *     SentencePair}
   * @return {@code [tokens]} each, of {@link TokenInput}, at most the rule's {@code maxTokens}
   * @throws RejectedException if it is empty, too large or no text
   */
  public Windows windows(byte[] content) throws RejectedException {
    TextContent text = TextContent.of(content);
    String first = rule.prefix() == null ? text.first() : rule.prefix() + text.first();
    if (text.second() != null) {
      Tokens both = tokenizer.encode(first, text.second());
      return Windows.of(new TokenSpans(both).pair(rule.maxTokens()));
    }
    TokenSpans spans = new TokenSpans(tokenizer.encode(first));
    return switch (rule.longText() == null ? LongText.HEAD : rule.longText()) {
      case HEAD -> Windows.of(spans.head(rule.maxTokens()));
      case HEAD_TAIL -> Windows.of(spans.headTail(rule.maxTokens()));
      case WINDOWS -> spans.windows(rule.maxTokens(), rule.stride() == null ? 0 : rule.stride());
    };
  }
}
