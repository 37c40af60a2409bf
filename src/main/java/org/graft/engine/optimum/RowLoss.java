package org.graft.engine.optimum;

import java.util.Arrays;
import org.graft.head.LabelledBlock;
import org.graft.head.TrainedHead.Output;

/**
 * Cross entropy of a block's rows by one head, and what the gradient needs of it. Logits become
 * residuals in place: the loss's gradient by them.
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
   * @param chosen {@code [n]}, which rows are the head's
   * @param z {@code [n][columns]}, products of features and weights
   * @param column the head's first
   */
  void add(LabelledBlock block, boolean[] chosen, float[] z, int columns, int column) {
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
    for (int c = 0; c < classes; c++) {
      exps[c] = z[at + c] + head.bias[c];
      if (exps[c] > max) {
        max = exps[c];
        best = c;
      }
    }
    double sum = 0;
    double all = 0; // the targets, weighted by their classes
    double picked = 0; // the logits, weighted by those
    for (int c = 0; c < classes; c++) {
      double below = exps[c] - max;
      double t = head.present[c] * target(y[target + c], classes);
      all += t;
      picked += t * below;
      exps[c] = StrictMath.exp(below);
      sum += exps[c];
    }
    loss += rowWeight * (all * StrictMath.log(sum) - picked);
    hits += y[target + best] > 0.5f ? 1 : 0;
    for (int c = 0; c < classes; c++) {
      double t = head.present[c] * target(y[target + c], classes);
      z[at + c] = (float) (rowWeight * (all * (exps[c] / sum) - t));
    }
  }

  private void sigmoid(float[] y, int target, float rowWeight, float[] z, int at) {
    boolean allRight = true;
    for (int c = 0; c < head.classes(); c++) {
      double logit = z[at + c] + head.bias[c];
      double there = head.present[c] * target(y[target + c], 2);
      double not = head.absent[c] * (1 - target(y[target + c], 2));
      double e = StrictMath.exp(-Math.abs(logit));
      double p = logit >= 0 ? 1 / (1 + e) : e / (1 + e);
      double above = StrictMath.log1p(e); // log(1 + e^-|z|)
      loss += rowWeight * (there * (Math.max(-logit, 0) + above));
      loss += rowWeight * (not * (Math.max(logit, 0) + above));
      z[at + c] = (float) (rowWeight * (not * p - there * (1 - p)));
      allRight &= logit > 0 == y[target + c] > 0.5f;
    }
    hits += allRight ? 1 : 0;
  }

  private double target(float y, int classes) {
    return y * (1 - head.smoothing) + head.smoothing / classes;
  }
}
