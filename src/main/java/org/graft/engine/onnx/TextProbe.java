package org.graft.engine.onnx;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Made-up texts that show what a network does with neighbours. */
final class TextProbe {
  private static final int[] CROWDS = {2, 3, 8};
  private static final int[] LENGTHS = {5, 18};
  private static final int SMALLEST_VOCABULARY = 32;

  private TextProbe() {}

  /** So many texts of five tokens, which any vocabulary has. */
  static float[][] alike(int n) {
    return texts(n, LENGTHS[0]);
  }

  private static float[][] texts(int n, int length) {
    float[][] texts = new float[n][length];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < length; j++) {
        texts[i][j] = (7 * i + 3 * j + i * j) % SMALLEST_VOCABULARY;
      }
    }
    return texts;
  }

  /**
   * @param network texts of one length to their features
   * @param longest text that the network takes, in tokens
   * @return whether each text has the same features, to the bit, alone and in any of these crowds
   */
  static boolean neighboursDoNotMatter(UnaryOperator<float[][]> network, int longest) {
    for (int most : LENGTHS) {
      int length = Math.min(most, longest);
      for (int crowd : CROWDS) {
        float[][] texts = texts(crowd, length);
        float[][] together = network.apply(texts);
        for (int i = 0; i < crowd; i++) {
          if (!Arrays.equals(network.apply(new float[][] {texts[i]})[0], together[i])) {
            return false;
          }
        }
      }
    }
    return true;
  }
}
