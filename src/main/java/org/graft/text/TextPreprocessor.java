package org.graft.text;

import java.util.stream.IntStream;
import org.graft.common.UserError;
import org.graft.sample.RejectedException;
import org.graft.sample.WindowPooling;
import org.graft.sample.Windows;
import org.graft.text.TextPreparation.LongText;

/**
 * Bytes to token ids, as a card says. Thread-safe.
 *
 * <p>A text that is too long is cut between the special tokens around it, as Hugging Face's
 * tokenizers do; a prefix is kept like those. Of two texts the longer one is cut first, whatever
 * the card says of long texts.
 */
public final class TextPreprocessor {
  private final TextPreparation rule;
  private final Tokenizer tokenizer;
  private final long[] prefix;

  /**
   * @throws UserError if what stands around each text leaves no room for it
   */
  public TextPreprocessor(TextPreparation rule, Tokenizer tokenizer) {
    this.rule = rule;
    this.tokenizer = tokenizer;
    Tokens around = tokenizer.encode(rule.prefix() == null ? "" : rule.prefix());
    int length = around.ids().length;
    if (rule.maxTokens() - length <= stride()) {
      throw new UserError(
          "Cannot cut texts to %d tokens: the special ones and the prefix are %d of them, two windows share %d, and none is left to go on by. Raise maxTokens in the card's text, or lower its stride."
              .formatted(rule.maxTokens(), length, stride()));
    }
    this.prefix =
        IntStream.range(0, length)
            .filter(i -> !around.special()[i])
            .mapToLong(i -> around.ids()[i])
            .toArray();
  }

  private int stride() {
    return rule.stride() == null ? 0 : rule.stride();
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
    TokenSpans spans = new TokenSpans(tokenizer.encode(first), prefix);
    return switch (rule.longText() == null ? LongText.HEAD : rule.longText()) {
      case HEAD -> Windows.of(spans.head(rule.maxTokens()));
      case HEAD_TAIL -> Windows.of(spans.headTail(rule.maxTokens()));
      case WINDOWS -> spans.windows(rule.maxTokens(), stride());
    };
  }
}
