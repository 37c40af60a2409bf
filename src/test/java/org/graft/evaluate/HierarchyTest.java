package org.graft.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.evaluate.SingleLabelEvaluation.Level;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;

class HierarchyTest {
  private static final Labels LABELS =
      Labels.inOrder(
          List.of("animal.cat.siamese", "plant", "animal.dog", "animal.cat.manx", "animalx.cat"));

  @Test
  void probabilitiesOfTheSameBeginningAddUp() {
    Hierarchy hierarchy = Hierarchy.of(LABELS, ".");
    assertEquals(2, hierarchy.levels());
    assertEquals(List.of("animal", "plant", "animalx"), hierarchy.labels(1).names());
    assertEquals(
        List.of("animal.cat", "plant", "animal.dog", "animalx.cat"), hierarchy.labels(2).names());
    float[] p = {0.3f, 0.2f, 0.1f, 0.15f, 0.25f};
    assertArrayEquals(new float[] {0.55f, 0.2f, 0.25f}, hierarchy.summed(p, 1), 1e-7f);
    assertArrayEquals(new float[] {0.45f, 0.2f, 0.1f, 0.25f}, hierarchy.summed(p, 2), 1e-7f);
    assertArrayEquals(new float[] {1, 0, 0, 0}, hierarchy.summed(new float[] {0, 0, 0, 1, 0}, 2));
  }

  @Test
  void withoutASeparatorThereAreNoLevels() {
    assertEquals(0, Hierarchy.of(LABELS, "").levels());
    UserError error = assertThrows(UserError.class, () -> Hierarchy.of(LABELS, "/"));
    assertTrue(
        error.getMessage().startsWith("Cannot evaluate by levels: no label has a '/' in it"),
        error.getMessage());
  }

  @Test
  void levelsAreAmongTheMetricsAndSurviveJson() {
    SingleLabelState state = new SingleLabelState(2, 1);
    state.add(new float[] {0.7f, 0.3f}, 0);
    SingleLabelEvaluation plain = state.evaluation(Labels.inOrder(List.of("a", "b")));
    assertNull(plain.levels());
    SingleLabelEvaluation levels = plain.with(List.of(new Level(1, 1, 1, 0.5)));
    assertEquals(1, levels.metrics().get("level1Accuracy"));
    assertEquals(1, levels.headline());
    byte[] json = Json.pretty(levels).getBytes(StandardCharsets.UTF_8);
    assertEquals(levels, Evaluation.read(json, Output.SOFTMAX, "evaluation.json"));
    assertFalse(Json.pretty(plain).contains("levels"), "what 0.1.0 wrote is written as it was");
  }
}
