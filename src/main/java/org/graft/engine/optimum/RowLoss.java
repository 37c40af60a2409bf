package org.graft.engine.optimum;

import java.util.Arrays;
import org.graft.head.LabelledBlock;
import org.graft.head.TrainedHead.Output;

/**
 * Cross entropy of a block's rows by one head, and what the gradient needs of it. Logits become
 * residuals in place: weight times (probability - target).
 */
final class RowLoss {
  private final PassHead head;
  private final double[] exps;
  double loss;
  double weight;
  long rows;
  long hits;

  RowLoss(PassHead head) {
    this.head = head;
    this.exps = new double[head.classes()];
  }

  /**
   * @param z {@code [n][columns]}, products of features and weights
   * @param column the head's first
   */
  void add(LabelledBlock block, float[] z, int columns, int column) {
    boolean[] chosen = head.rows.of(block);
    for (int i = 0; i < chosen.length; i++) {
      int at = i * columns + column;
      if (!chosen[i]) {
        Arrays.fill(z, at, at + head.classes(), 0);
        continue;
      }
      int target = i * block.classes() + head.rows.from();
      float rowWeight = block.weights()[i];
      rows++;
      weight += rowWeight;
      if (head.output == Output.SOFTMAX) {
        softmax(block.targets(), target, rowWeight, z, at);
      } else {
        sigmoid(block.targets(), target, rowWeight, z, at);
      }
    }
  }

  private void softmax(float[] y, int target, float rowWeight, float[] z, int at) {
    int classes = head.classes();
    double max = Double.NEGATIVE_INFINITY;
    int best = 0;
    double labelWeight = 0;
    for (int c = 0; c < classes; c++) {
      double logit = z[at + c] + head.bias[c];
      exps[c] = logit;
      if (logit > max) {
        max = logit;
        best = c;
      }
      labelWeight += y[target + c] > 0.5f ? head.present[c] : 0;
    }
    double weighted = rowWeight * labelWeight;
    double sum = 0;
    double picked = 0; // the logits, weighted by the targets
    for (int c = 0; c < classes; c++) {
      double below = exps[c] - max;
      picked += target(y[target + c], classes) * below;
      exps[c] = StrictMath.exp(below);
      sum += exps[c];
    }
    loss += weighted * (StrictMath.log(sum) - picked);
    hits += y[target + best] > 0.5f ? 1 : 0;
    for (int c = 0; c < classes; c++) {
      z[at + c] = (float) (weighted * (exps[c] / sum - target(y[target + c], classes)));
    }
  }

  private void sigmoid(float[] y, int target, float rowWeight, float[] z, int at) {
    boolean allRight = true;
    for (int c = 0; c < head.classes(); c++) {
      boolean present = y[target + c] > 0.5f;
      double logit = z[at + c] + head.bias[c];
      double t = target(y[target + c], 2);
      double weighted = rowWeight * (double) (present ? head.present[c] : head.absent[c]);
      double e = StrictMath.exp(-Math.abs(logit));
      double p = logit >= 0 ? 1 / (1 + e) : e / (1 + e);
      // log(1 + e^z) - t z
      loss += weighted * (Math.max(logit, 0) - t * logit + StrictMath.log1p(e));
      z[at + c] = (float) (weighted * (p - t));
      allRight &= logit > 0 == present;
    }
    hits += allRight ? 1 : 0;
  }

  private double target(float y, int classes) {
    return y * (1 - head.smoothing) + head.smoothing / classes;
  }
}
