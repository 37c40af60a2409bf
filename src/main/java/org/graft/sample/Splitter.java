package org.graft.sample;

import java.io.Serializable;
import org.graft.common.Checks;
import org.graft.common.SeededHash;

/**
 * Deals samples to splits by a hash of their key: a sample stays where it is whatever is added,
 * renamed, moved or relabelled.
 *
 * @param train share of the samples, 0 to 1; test gets what train and validation leave
 * @param validation share of the samples
 */
public record Splitter(double train, double validation, long seed) implements Serializable {
  public Splitter {
    Checks.argument(
        train >= 0 && validation >= 0 && train + validation <= 1 + 1e-9,
        "shares must be in 0..1 and sum to at most 1: train %s, validation %s",
        train,
        validation);
  }

  public Split split(String key) {
    double place = SeededHash.unit(SeededHash.hash(seed, key));
    if (place < train) {
      return Split.TRAIN;
    }
    return place < train + validation ? Split.VALIDATION : Split.TEST;
  }
}
