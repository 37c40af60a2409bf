package org.graft.text;

import java.util.Objects;
import java.util.stream.Stream;
import org.graft.common.Checks;
import org.graft.sample.WindowPooling;

/**
 * How a text becomes a network's inputs: the ids of its tokens, as the tokenizer that belongs to
 * the weights gives them, special tokens among them.
 *
 * @param maxTokens most tokens of an input, special ones counted
 * @param longText what becomes of a text of more tokens; null: {@link LongText#HEAD}
 * @param stride with {@link LongText#WINDOWS}: tokens that a window shares with the one before it;
 *     null: none
 * @param prefix written before each text, and before each window of it, for instance E5's {@code
 *     "query: "}; null: nothing
 * @param pooling with {@link LongText#WINDOWS}: how the windows' features become one vector; null:
 *     {@link WindowPooling#MEAN}
 */
public record TextPreparation(
    int maxTokens, LongText longText, Integer stride, String prefix, WindowPooling pooling) {
  /** Longest inputs that are taken: more tokens than any network of the mission has. */
  private static final int MOST_TOKENS = 1 << 15;

  /** What becomes of a text that is too long. */
  public enum LongText {
    /** Its beginning stands for it, as the sentence models' own programs have it. */
    HEAD,
    /** The first and last tokens, half of each, side by side. */
    HEAD_TAIL,
    /** All of it, in windows. */
    WINDOWS
  }

  public TextPreparation {
    Checks.argument(
        maxTokens >= 8 && maxTokens <= MOST_TOKENS,
        "maxTokens must be 8 to %d: %d",
        MOST_TOKENS,
        maxTokens);
    longText = longText == LongText.HEAD ? null : longText;
    prefix = prefix == null || prefix.isEmpty() ? null : prefix;
    boolean windows = longText == LongText.WINDOWS;
    Checks.argument(
        windows || Stream.of(stride, pooling).allMatch(Objects::isNull),
        "stride and pooling are for longText: windows");
    Checks.argument(
        stride == null || (stride >= 0 && stride <= maxTokens / 2),
        "stride must be 0 to %d, half of maxTokens: %d",
        maxTokens / 2,
        stride);
  }

  /** Texts of at most {@code maxTokens} tokens; of longer ones the beginning. */
  public TextPreparation(int maxTokens, String prefix) {
    this(maxTokens, null, null, prefix, null);
  }
}
