package org.graft.engine.onnx;

import org.graft.backbone.BackboneSpec.Pooling;

/** What tokens' features become for the text that they are of. No token of it is padding. */
final class TextPooling {
  private TextPooling() {}

  /**
   * @param output {@code [n][tokens][width]}, or {@code [n][width]}, which stays as it is
   * @return {@code [n][width]}
   */
  static float[][] of(TokenSession.Output output, Pooling pooling) {
    long[] shape = output.shape();
    if (shape.length != 2 && shape.length != 3) {
      throw new IllegalStateException(
          "the cut has %d dimensions (2 or 3 are wanted: texts, tokens, width)"
              .formatted(shape.length));
    }
    int tokens = shape.length == 2 ? 1 : (int) shape[1];
    int width = (int) shape[shape.length - 1];
    float[][] vectors = new float[(int) shape[0]][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = vector(output.values(), i * tokens * width, tokens, width, pooling);
    }
    return vectors;
  }

  private static float[] vector(float[] values, int from, int tokens, int width, Pooling pooling) {
    float[] vector = new float[width];
    for (int i = 0; i < width; i++) {
      int first = from + i;
      vector[i] =
          switch (pooling) {
            case NONE, FIRST -> values[first];
            case LAST -> values[first + (tokens - 1) * width];
            case AVG -> mean(values, first, tokens, width);
            case MAX -> most(values, first, tokens, width);
          };
    }
    return vector;
  }

  private static float mean(float[] values, int first, int tokens, int width) {
    double sum = 0;
    for (int token = 0; token < tokens; token++) {
      sum += values[first + token * width];
    }
    return (float) (sum / tokens);
  }

  private static float most(float[] values, int first, int tokens, int width) {
    float most = values[first];
    for (int token = 1; token < tokens; token++) {
      most = Math.max(most, values[first + token * width]);
    }
    return most;
  }
}
