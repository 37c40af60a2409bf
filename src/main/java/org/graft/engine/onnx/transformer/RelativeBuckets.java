package org.graft.engine.onnx.transformer;

import java.util.List;

/**
 * T5's relative positions: a number for each head and bucket of distances, added to attention's
 * scores. Half of the buckets are for what comes before; of each half, half have one distance, the
 * others ever more.
 *
 * @param count of all buckets
 * @param farthest the distance from which on all are in the last bucket
 */
record RelativeBuckets(int count, int farthest) {
  private static final int HALVES = 4;

  static RelativeBuckets of(ModelConfig config) {
    int count = config.size("relative_attention_num_buckets", Limits.DISTANCE, 32);
    int farthest = config.size("relative_attention_max_distance", Limits.DISTANCE, 128);
    config.check(
        count % HALVES == 0 && farthest > count / HALVES,
        "relative_attention_num_buckets is %d and relative_attention_max_distance %d (wanted: a multiple of 4, and more than a quarter of it)",
        count,
        farthest);
    return new RelativeBuckets(count, farthest);
  }

  /**
   * The bucket of a distance, with the roundings of transformers' float32.
   *
   * @param distance from the token that listens to the one that is heard
   */
  int bucket(int distance) {
    int half = count / 2;
    int exact = half / 2;
    int far = Math.abs(distance);
    int first = distance > 0 ? half : 0;
    if (far < exact) {
      return first + far;
    }
    float log = (float) Math.log((float) far / exact);
    float share = log / (float) Math.log((double) farthest / exact);
    return first + Math.min(exact + (int) (share * (half - exact)), half - 1);
  }

  /** {@code [1][heads][T][T]} from the tensor {@code name}, {@code [buckets][heads]}. */
  String draw(Sketch sketch, String name, int heads) {
    int rows = 2 * farthest + 1;
    String table =
        sketch
            .parameters()
            .made(
                name + ":distances",
                new long[] {rows, heads},
                name,
                new long[] {count, heads},
                values -> byDistance(values, heads));
    String clipped =
        sketch.op(
            "Clip",
            "distance:clipped",
            List.of(
                sketch.distances(),
                sketch.index("distance:least", -farthest),
                sketch.index("distance:most", farthest)));
    String row = sketch.add("distance:row", clipped, sketch.whole("distance:middle", farthest));
    String bias = sketch.op("Gather", "distance:bias", List.of(table, row));
    String headsFirst = sketch.transpose("distance:heads", bias, 2, 0, 1);
    return sketch.unsqueeze("distance:all", headsFirst, 0);
  }

  /** {@code [2 farthest + 1][heads]}, of distances from the most negative on. */
  private float[] byDistance(float[] buckets, int heads) {
    float[] rows = new float[(2 * farthest + 1) * heads];
    for (int i = 0; i <= 2 * farthest; i++) {
      System.arraycopy(buckets, bucket(i - farthest) * heads, rows, i * heads, heads);
    }
    return rows;
  }
}
