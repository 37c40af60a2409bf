package org.graft.sample;

/** How the features of a sample's windows become one vector. */
public enum WindowPooling {
  /** The mean of each feature; of one window itself, bit for bit. */
  MEAN,
  /** The means, then the standard deviations over the windows (0 for one): twice as many. */
  MEAN_STD,
  /** The largest value of each feature. */
  MAX;

  /** Length of the vector, of windows' features of length {@code width}. */
  public int width(int width) {
    return this == MEAN_STD ? 2 * width : width;
  }
}
