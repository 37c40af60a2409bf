package org.graft.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.graft.common.Checks;

/** Which classes come first: by probability, and among equals by their number. */
public final class Ranking {
  private Ranking() {}

  static void check(float[] probabilities, int classes) {
    Checks.argument(
        probabilities.length == classes,
        "%d probabilities for %d classes",
        probabilities.length,
        classes);
    for (float p : probabilities) {
      Checks.argument(p >= 0 && p <= 1.000001f, "not a probability: %s", p);
    }
  }

  /** The most probable class. */
  public static int first(float[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }

  /** How many classes come before {@code label}. */
  static int rank(float[] probabilities, int label) {
    float p = probabilities[label];
    int before = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > p || (i < label && probabilities[i] == p)) {
        before++;
      }
    }
    return before;
  }

  /** The {@code k} most probable classes (all, if there are fewer), most probable first. */
  public static List<Integer> top(float[] probabilities, int k) {
    List<Integer> best = new ArrayList<>(k + 1);
    for (int i = 0; i < probabilities.length; i++) {
      int place = best.size();
      while (place > 0 && probabilities[i] > probabilities[best.get(place - 1)]) {
        place--;
      }
      if (place < k) {
        best.add(place, i);
        if (best.size() > k) {
          best.remove(k);
        }
      }
    }
    return best;
  }
}
