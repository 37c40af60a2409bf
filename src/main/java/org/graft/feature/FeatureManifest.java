package org.graft.feature;

import java.util.List;

/**
 * What a fingerprint's folder holds: written last, replaced by the next number, never changed.
 *
 * @param format version of this record's form
 */
public record FeatureManifest(int format, FeatureFingerprint fingerprint, List<FeaturePart> parts) {
  public static final int FORMAT = 1;

  public long rows() {
    return parts.stream().mapToLong(FeaturePart::rows).sum();
  }
}
