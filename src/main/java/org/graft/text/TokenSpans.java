package org.graft.text;

import org.graft.common.UserError;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Windows;

/**
 * The tokens of one text or two, {@code lead, text, tail} or {@code lead, a, between, b, tail}. Of
 * one text the prefix is part of the lead.
 */
final class TokenSpans {
  private final Tokens tokens;
  private final int length;
  private final int lead;
  private final int tail;

  /**
   * @param prefix its tokens, as far as no text changes them
   * @throws RejectedException if nothing of the text became a token
   */
  TokenSpans(Tokens tokens, long... prefix) throws RejectedException {
    this.tokens = tokens;
    this.length = tokens.ids().length;
    int first = end(0, true);
    this.lead = first + shared(first, prefix);
    int last = length;
    while (last > lead && tokens.special()[last - 1]) {
      last--;
    }
    this.tail = last;
    if (tail == lead) {
      throw new RejectedException(Reason.EMPTY, "nothing in it is a token of the vocabulary");
    }
  }

  /** The text's first {@code most} tokens, special ones among them. */
  float[] head(int most) {
    return row(0, Math.min(tail, lead + room(most)), tail, length);
  }

  /** The first and the last ones. */
  float[] headTail(int most) {
    int room = room(most);
    return tail - lead <= room
        ? row(0, length)
        : row(0, lead + (room + 1) / 2, tail - room / 2, length);
  }

  /** All of them; there must be room for more tokens than {@code stride}. */
  Windows windows(int most, int stride) {
    int room = room(most);
    int[] next = {lead};
    return () -> {
      int from = next[0];
      if (from >= tail) {
        return null;
      }
      int to = Math.min(from + room, tail);
      next[0] = to == tail ? tail : to - stride;
      return row(0, lead, from, to, tail, length);
    };
  }

  /** Of two texts the longer one is cut, then both are: transformers' {@code longest_first}. */
  float[] pair(int most) throws RejectedException {
    int first = end(lead, false);
    int second = end(first, true);
    if (second >= tail) {
      throw new RejectedException(Reason.EMPTY, "one of its texts has no token of the vocabulary");
    }
    int around = length - (first - lead) - (tail - second);
    int room = most - around;
    if (room < 2) {
      throw new UserError(
          "Cannot cut two texts to %d tokens: %d special ones stand around them. Raise maxTokens in the card's text."
              .formatted(most, around));
    }
    int less = Math.min(first - lead, tail - second);
    int shorter = Math.min(less, room / 2);
    int longer = room - shorter;
    boolean swapped = first - lead > tail - second;
    int a = Math.min(first - lead, swapped ? longer : shorter);
    int b = Math.min(tail - second, swapped ? shorter : longer);
    return row(0, lead + a, first, second + b, tail, length);
  }

  private int room(int most) {
    return most - lead - (length - tail);
  }

  /** Where a run of tokens of one kind ends. */
  private int end(int from, boolean special) {
    int to = from;
    while (to < length && tokens.special()[to] == special) {
      to++;
    }
    return to;
  }

  /** How many of the tokens from there on are the prefix's. */
  private int shared(int from, long[] prefix) {
    int same = 0;
    while (same < prefix.length
        && from + same < length
        && !tokens.special()[from + same]
        && tokens.ids()[from + same] == prefix[same]) {
      same++;
    }
    return same;
  }

  /** Some stretches of the tokens, each from one number to before the next. */
  private float[] row(int... bounds) {
    int size = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      size += bounds[i + 1] - bounds[i];
    }
    float[] row = new float[size];
    int at = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      for (int token = bounds[i]; token < bounds[i + 1]; token++) {
        row[at++] = TokenInput.of(tokens.ids()[token], tokens.types()[token]);
      }
    }
    return row;
  }
}
