package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {
  /** What the loss of a kind of head does not have is not passed over, whoever made the plan. */
  @Test
  void smoothingAndFocalLossAreForHeadsThatHaveThem() {
    for (HeadSpec spec :
        List.of(
            new HeadSpec.Cosine(0),
            new HeadSpec.Ridge(),
            new HeadSpec.Lda(List.of()),
            new HeadSpec.Ordinal(List.of()),
            new HeadSpec.Regression(List.of(), 0))) {
      assertRefused(spec, 0.1, 0);
      assertRefused(spec, 0, 2);
      plan(spec, 0, 0);
    }
    plan(new HeadSpec.Linear(), 0.1, 2);
    plan(new HeadSpec.Mlp(List.of(4)), 0.1, 2);
  }

  private static void assertRefused(HeadSpec spec, double smoothing, double gamma) {
    UserError error = assertThrows(UserError.class, () -> plan(spec, smoothing, gamma));
    assertEquals(
        "Cannot train a head: the loss of head.kind: %s has neither label smoothing nor a focal factor (got train.labelSmoothing: %s, train.focalGamma: %s). Set both to 0."
            .formatted(
                spec.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT),
                smoothing,
                gamma),
        error.getMessage());
  }

  private static TrainingPlan plan(HeadSpec spec, double smoothing, double gamma) {
    TrainingOptions options =
        new TrainingOptions(
            1,
            1,
            1,
            Updater.SGD,
            0,
            1,
            ClassWeights.NONE,
            true,
            1,
            Method.AVERAGING,
            Schedule.CONSTANT,
            smoothing,
            gamma);
    Output output = spec.output(false);
    return new TrainingPlan(
        spec,
        output == Output.VALUE ? org.graft.sample.Labels.VALUE : Rows.labels(3),
        output,
        options,
        Averaging.of(1, 1));
  }
}
