package org.graft.bundle;

import java.util.List;
import java.util.Map;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.EvaluationState;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.image.JpegScaling;
import org.graft.testing.SmallModels;

/** Bundles of a few hundred bytes; heads of round numbers, so that they never change. */
final class SmallBundles {
  private SmallBundles() {}

  static BundleContent content(double bias) {
    return content(bias, "run-1", "2026-01-02T03:04:05Z");
  }

  static BundleContent content(double bias, String runId, String created) {
    TrainedHead head = head((float) bias);
    Provenance provenance =
        new Provenance(
            "0.1.0",
            runId,
            created,
            Map.of("seed", 20L, "head", Map.of("rate", 0.1f, "kind", "mlp"), "paths", List.of("a")),
            "d".repeat(64),
            "f".repeat(64),
            head.sha256(),
            "b".repeat(64),
            "17",
            "3.5.9");
    return new BundleContent(
        head,
        SmallModels.CARD,
        "flat",
        Pooling.NONE,
        8,
        "dl4j 1.0.0-M2.1",
        Precision.FP32,
        JpegScaling.NONE,
        evaluation(head),
        provenance);
  }

  static TrainedHead head(float bias) {
    float[] hidden = new float[14];
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = (i % 5 - 2) / 4f;
    }
    return new TrainedHead(
        List.of(
            new Dense(7, 2, hidden, new float[] {0.25f, bias}),
            new Dense(2, 3, new float[] {1, -1, 0.5f, 0.5f, -1, 1}, new float[] {0, 0.125f, 0})),
        Output.SOFTMAX,
        SmallModels.LABELS);
  }

  private static Evaluation evaluation(TrainedHead head) {
    EvaluationState state = EvaluationState.of(Output.SOFTMAX, 3, 2);
    for (int i = 0; i < 4; i++) {
      float[] features = {i, 1, -i, 2, 0, i * 0.5f, 1};
      float[] targets = new float[3];
      targets[i % 3] = 1;
      state.add(head.probabilities(features), targets);
    }
    return state.evaluation(head.labels());
  }
}
