package org.graft.backbone;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.graft.common.Checks;
import org.graft.common.Digest;
import org.graft.common.Json;

/**
 * What the tensors of a network held while calibration samples went through it: the ground on which
 * float32 numbers are mapped to 8 bits.
 *
 * @param samples how many went through
 * @param tensors name of the tensor to its range
 */
public record ActivationRanges(int samples, SortedMap<String, Range> tensors) {

  /** Of a network whose numbers are written by the largest of their own token: none is measured. */
  public static final ActivationRanges NONE = new ActivationRanges(0, new TreeMap<>());

  /** From the smallest to the largest value that counts; zero is always inside. */
  public record Range(float min, float max) {
    public Range {
      Checks.argument(
          Float.isFinite(min) && Float.isFinite(max) && min <= 0 && max >= 0,
          "range %s to %s is not finite or leaves zero out",
          min,
          max);
    }
  }

  public ActivationRanges {
    Checks.argument(samples > 0 || (samples == 0 && tensors.isEmpty()), "no calibration sample");
    tensors = new TreeMap<>(tensors);
  }

  public static ActivationRanges of(int samples, Map<String, Range> tensors) {
    return new ActivationRanges(samples, new TreeMap<>(tensors));
  }

  /** Whether nothing was measured. */
  public boolean areNone() {
    return samples == 0;
  }

  /** Over the canonical JSON of this record. */
  public String sha256() {
    return Digest.of(Json.canonical(this));
  }
}
