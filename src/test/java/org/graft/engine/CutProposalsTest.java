package org.graft.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.engine.CutProposals.Step;
import org.junit.jupiter.api.Test;

class CutProposalsTest {
  private static Step step(String makes, String... reads) {
    return new Step(List.of(reads), List.of(makes));
  }

  @Test
  void aTensorThatIsSkippedIsNoBottleneck() {
    List<Step> residual =
        List.of(
            step("a", "in"),
            step("b", "a"),
            step("c", "b"),
            step("sum", "c", "a"),
            step("left", "sum"),
            step("right", "sum"),
            step("out", "left", "right"));
    assertEquals(List.of("a", "sum", "out"), CutProposals.bottlenecks(residual, "in", "out"));
  }

  @Test
  void theInputItselfMayBeSkippedTo() {
    List<Step> dense = List.of(step("a", "in"), step("b", "a", "in"), step("out", "b"));
    assertEquals(List.of("b", "out"), CutProposals.bottlenecks(dense, "in", "out"));
  }

  @Test
  void theLastOfEachSizeIsProposed() {
    List<Cut> all =
        List.of(
            picture("scaled", 3, 8),
            picture("stem", 4, 4),
            picture("block", 6, 4),
            picture("deep", 9, 2),
            new Cut("", "fc1", 20, 1, 1, Pooling.NONE),
            new Cut("", "relu1", 20, 1, 1, Pooling.NONE),
            new Cut("", "fc2", 10, 1, 1, Pooling.NONE),
            new Cut("", "relu2", 10, 1, 1, Pooling.NONE),
            new Cut("", "logits", 5, 1, 1, Pooling.NONE));
    List<Cut> cuts = CutProposals.named(all, new Input(3, 8, 8), "relu2", "logits");
    assertEquals(
        List.of("stage1", "stage2", "flat1", "features", "output"),
        cuts.stream().map(Cut::name).toList());
    assertEquals(
        List.of("block", "deep", "relu1", "relu2", "logits"),
        cuts.stream().map(Cut::layer).toList());
    assertEquals("features", CutProposals.best(cuts));
  }

  @Test
  void withoutALastLayerTheEmbeddingOrTheSmallestPictureIsBest() {
    Cut embedding = new Cut("output", "norm", 5, 1, 1, Pooling.NONE);
    assertEquals("output", CutProposals.best(List.of(picture("deep", 9, 2), embedding)));
    List<Cut> drawing = List.of(picture("a", 9, 4), picture("b", 9, 2), picture("mask", 1, 8));
    assertEquals("b", CutProposals.best(drawing));
  }

  private static Cut picture(String name, int channels, int side) {
    return new Cut(name, name, channels, side, side, Pooling.AVG);
  }
}
