package org.graft.engine.dl4j;

import org.graft.backbone.BackboneSpec.Pooling;

/** Makes vectors of what a cut gives: see {@link Pooling}. Each sample for itself. */
record SpatialPooling(Pooling pooling) {
  /**
   * @param shape of one sample at the cut: {@code [width]} or {@code [channels][height][width]}
   */
  int width(long[] shape) {
    return (int) (isFlat(shape) ? positions(shape) * shape[0] : shape[0]);
  }

  float[][] apply(Lane.Output output) {
    if (isFlat(output.shape())) {
      return output.values();
    }
    int positions = (int) positions(output.shape());
    float[][] pooled = new float[output.values().length][];
    for (int i = 0; i < pooled.length; i++) {
      pooled[i] = pool(output.values()[i], positions);
    }
    return pooled;
  }

  private float[] pool(float[] maps, int positions) {
    float[] pooled = new float[maps.length / positions];
    for (int channel = 0; channel < pooled.length; channel++) {
      int from = channel * positions;
      pooled[channel] =
          switch (pooling) {
            case AVG -> mean(maps, from, positions);
            case MAX -> max(maps, from, positions);
            case FIRST -> maps[from];
            case NONE -> throw new IllegalStateException("nothing is pooled");
            case LAST -> throw new IllegalStateException("last is for texts");
          };
    }
    return pooled;
  }

  private static float mean(float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += values[i];
    }
    return (float) (sum / count);
  }

  private static float max(float[] values, int from, int count) {
    float max = values[from];
    for (int i = from + 1; i < from + count; i++) {
      max = Math.max(max, values[i]);
    }
    return max;
  }

  private boolean isFlat(long[] shape) {
    return shape.length == 1 || pooling == Pooling.NONE;
  }

  private static long positions(long[] shape) {
    long positions = 1;
    for (int i = 1; i < shape.length; i++) {
      positions *= shape[i];
    }
    return positions;
  }
}
