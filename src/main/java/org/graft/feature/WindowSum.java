package org.graft.feature;

import org.graft.sample.WindowPooling;

/** The features of a sample's windows on their way to one vector; added in the windows' order. */
final class WindowSum {
  private final WindowPooling pooling;
  private float[] first;
  private float[] most;
  private double[] mean;
  private double[] squares;
  private long count;

  WindowSum(WindowPooling pooling) {
    this.pooling = pooling;
  }

  /**
   * @param features of the next window, {@code [width]}; not changed
   */
  void add(float[] features) {
    count++;
    if (count == 1) {
      first = features;
      return;
    }
    if (count == 2) {
      begin();
    }
    for (int i = 0; i < features.length; i++) { // Welford's sums, which lose no digits
      double before = features[i] - mean[i];
      mean[i] += before / count;
      squares[i] += before * (features[i] - mean[i]);
      most[i] = Math.max(most[i], features[i]); // not a number, if one is
    }
  }

  private void begin() {
    most = first.clone();
    squares = new double[first.length];
    mean = new double[first.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = first[i];
    }
  }

  /** {@code [pooling.width(width)]}. */
  float[] vector() {
    int width = first.length;
    float[] vector = new float[pooling.width(width)];
    for (int i = 0; i < width; i++) {
      boolean largest = pooling == WindowPooling.MAX;
      vector[i] = count == 1 ? first[i] : largest ? most[i] : (float) mean[i];
    }
    for (int i = width; i < vector.length && count > 1; i++) {
      vector[i] = (float) Math.sqrt(squares[i - width] / count);
    }
    return vector;
  }
}
