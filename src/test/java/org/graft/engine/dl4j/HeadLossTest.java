package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import org.graft.head.LossFunction;
import org.graft.head.LossGolden;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class HeadLossTest {
  private static final float[] ONES = {1, 1, 1, 1};

  /** The last two rows are beyond where DL4J's losses clip. */
  @Test
  void itIsDl4jsWhereNothingIsAskedFor() {
    INDArray z = matrix(LossGolden.get("logits")).get(interval(4)).dup('f');
    INDArray one = Nd4j.create(LossGolden.oneHot(LossGolden.get("labels"), 4), new long[] {6, 4});
    INDArray many = matrix(LossGolden.get("many"));
    assertSame(new LossMCXENT(), new ActivationSoftmax(), true, z, one.get(interval(4)));
    assertSame(new LossBinaryXENT(), new ActivationSigmoid(), false, z, many.get(interval(4)));
  }

  private static void assertSame(
      ILossFunction dl4j, IActivation activation, boolean softmax, INDArray z, INDArray y) {
    HeadLoss ours = new HeadLoss(new LossFunction(softmax, ONES, ONES, 0, 0, 1));
    assertEquals(
        dl4j.computeScore(y, z.dup(), activation, null, true),
        ours.computeScore(y, z.dup(), activation, null, true),
        1e-5);
    assertArrayEquals(
        dl4j.computeScoreArray(y, z.dup(), activation, null).data().asFloat(),
        ours.computeScoreArray(y, z.dup(), activation, null).data().asFloat(),
        1e-5f);
    assertArrayEquals(
        dl4j.computeGradient(y, z.dup(), activation, null).dup('c').data().asFloat(),
        ours.computeGradient(y, z.dup(), activation, null).dup('c').data().asFloat(),
        1e-5f);
  }

  @Test
  void rowsHaveWeights() {
    for (JsonNode golden : LossGolden.get("cases")) {
      boolean softmax = golden.get("softmax").asBoolean();
      HeadLoss loss =
          new HeadLoss(
              softmax,
              LossGolden.floats(golden.get("present")),
              LossGolden.floats(golden.get("absent")),
              golden.get("smoothing").asDouble(),
              golden.get("gamma").asDouble(),
              0.5);
      INDArray y =
          softmax
              ? Nd4j.create(LossGolden.oneHot(LossGolden.get("labels"), 4), new long[] {6, 4})
              : matrix(LossGolden.get("many"));
      INDArray z = matrix(LossGolden.get("logits"));
      loss.weigh(new float[] {0, 2, 4, 6, 8, 10});
      double[] losses = LossGolden.numbers(golden.get("losses"));
      double[] gradients = LossGolden.numbers(golden.get("gradients"));
      double sum = 0;
      float[] actual = loss.computeGradient(y, z, null, null).data().asFloat();
      for (int i = 0; i < 6; i++) {
        sum += i * losses[i];
        for (int c = 0; c < 4; c++) {
          double expected = i * gradients[4 * i + c];
          assertEquals(expected, actual[4 * i + c], 1e-6 * (1 + Math.abs(expected)));
        }
      }
      assertEquals(sum, loss.computeScore(y, z, null, null, false), 1e-6 * sum);
    }
  }

  private static org.nd4j.linalg.indexing.INDArrayIndex interval(int rows) {
    return org.nd4j.linalg.indexing.NDArrayIndex.interval(0, rows);
  }

  private static INDArray matrix(JsonNode numbers) {
    return Nd4j.create(LossGolden.floats(numbers), new long[] {numbers.size() / 4, 4}, 'c');
  }
}
