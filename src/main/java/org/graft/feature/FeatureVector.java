package org.graft.feature;

import java.util.Arrays;

/**
 * The features of one sample.
 *
 * @param path where the sample was found, for people; no part of its identity
 * @param values {@code [width]}; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record FeatureVector(String key, String path, float[] values) {
  @Override
  public boolean equals(Object other) {
    return other instanceof FeatureVector that
        && key.equals(that.key)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return "FeatureVector[" + key + ", width " + values.length + "]";
  }
}
