package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.graft.head.OrdinalLoss;
import org.graft.head.TrainedHead.Dense;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The top of a network that is trained by {@link OrdinalLoss}: a score, and beside it thresholds
 * that are the same for every sample, as DL4J's bias of a layer whose input is zero.
 */
final class OrdinalTop {
  private OrdinalTop() {}

  static void add(
      GraphBuilder builder, String below, int width, int classes, ILossFunction loss, String name) {
    builder
        .addLayer(
            "score",
            new DenseLayer.Builder()
                .nIn(width)
                .nOut(1)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build(),
            below)
        .addVertex("nothing", new ScaleVertex(0), "score")
        .addLayer(
            "thresholds",
            new DenseLayer.Builder()
                .nIn(1)
                .nOut(classes - 1)
                .activation(Activation.IDENTITY)
                .build(),
            "nothing")
        .addVertex("both", new MergeVertex(), "score", "thresholds")
        .addLayer(
            name, new LossLayer.Builder(loss).activation(Activation.IDENTITY).build(), "both");
  }

  /**
   * @param plain initial parameters of a network with one output, whose bias is the last
   */
  static float[] initial(float[] plain, int classes) {
    float[] thresholds = OrdinalLoss.even(classes - 1);
    float[] all = Arrays.copyOf(plain, plain.length - 1 + 2 * thresholds.length);
    System.arraycopy(thresholds, 0, all, all.length - thresholds.length, thresholds.length);
    return all;
  }

  /** Score and thresholds as the one layer of a head: {@code threshold - score}, each. */
  static List<Dense> fold(List<Dense> layers) {
    List<Dense> folded = new ArrayList<>(layers);
    float[] thresholds = OrdinalLoss.thresholds(folded.remove(folded.size() - 1).bias());
    Dense score = folded.remove(folded.size() - 1);
    float[] weights = new float[Math.multiplyExact(score.inputs(), thresholds.length)];
    for (int at = 0; at < weights.length; at++) {
      weights[at] = -score.weights()[at % score.inputs()];
    }
    folded.add(new Dense(score.inputs(), thresholds.length, weights, thresholds));
    return folded;
  }
}
