package org.graft.backbone;

/**
 * A frozen network up to a cut, ready to run. Thread-safe: all tasks of an executor share one.
 *
 * <p>A sample's features do not depend on its neighbours: batches have one fixed shape inside, and
 * the same input gives the same bits at every position of any batch.
 */
public interface Backbone extends AutoCloseable {
  /** The length of a feature vector. */
  int width();

  /** The length of an input: channels x height x width. */
  int inputLength();

  /** The most inputs that {@link #features} takes at once. */
  int batch();

  /**
   * @param inputs {@code [n][channels x height x width]}, NCHW, preprocessed; 1 ≤ n ≤ {@link
   *     #batch()}; not kept, not changed
   * @return {@code [n][width]}
   */
  float[][] features(float[][] inputs);

  @Override
  void close();
}
