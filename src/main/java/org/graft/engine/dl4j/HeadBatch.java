package org.graft.engine.dl4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a step is taken on.
 *
 * @param x {@code [rows][features]}, row-major
 * @param y {@code [rows][classes]}, row-major
 * @param weights of the rows, {@code [rows]}; null: all count 1
 * @param draws one a row, for dropout
 * @param examples the rows, each counted once: a row that is alone may come twice
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HeadBatch(float[] x, float[] y, float[] weights, long[] draws, int examples) {

  /** Null where all are 1: DL4J's own losses, which plans without weights have, take no others. */
  static float[] weights(float[] weights) {
    for (float weight : weights) {
      if (weight != 1) {
        return weights;
      }
    }
    return null;
  }

  int rows() {
    return draws.length;
  }

  INDArray features() {
    return matrix(x);
  }

  INDArray targets() {
    return matrix(y);
  }

  /** Null where all count 1. */
  INDArray mask() {
    return weights == null ? null : matrix(weights);
  }

  private INDArray matrix(float[] values) {
    long[] shape = {rows(), values.length / rows()};
    INDArray matrix = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    matrix.data().asNioFloat().put(values); // at once, where Nd4j.create goes number by number
    return matrix;
  }
}
