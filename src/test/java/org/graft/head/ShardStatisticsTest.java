package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions.ClassWeights;
import org.junit.jupiter.api.Test;

class ShardStatisticsTest {
  @Test
  void shardsAddUpToTheWhole() {
    List<ShardStatistics> shards = new ArrayList<>();
    for (Shard shard : Shard.deal(Rows.of(57, 3, 2), Sharding.byKey(9))) {
      shards.add(ShardStatistics.of(shard.blocks().iterator()));
    }
    shards.add(3, ShardStatistics.of(new ArrayList<LabelledBlock>().iterator()));
    ShardStatistics merged = ShardStatistics.merged(shards);
    ShardStatistics whole = ShardStatistics.of(Rows.of(57, 3, 2).iterator());
    assertEquals(57, merged.rows());
    assertEquals(29, merged.present(0));
    assertEquals(28, merged.present(1));
    LabelledBlock row = Rows.of(1, 3, 2).get(0);
    assertArrayEquals(
        whole.scaling().apply(row).features(), merged.scaling().apply(row).features(), 1e-6f);
  }

  @Test
  void scaledFeaturesHaveMeanZeroAndVarianceOneButConstantsAreOnlyCentred() {
    LabelledBlock block =
        new LabelledBlock(
            List.of("a", "b"), 2, 1, new float[] {1e6f, 0.1f, 1e6f + 2, 0.1f}, new float[2]);
    FeatureScaling scaling = ShardStatistics.of(List.of(block).iterator()).scaling();
    assertArrayEquals(new float[] {-1, 0, 1, 0}, scaling.apply(block).features(), 1e-7f);
    float[] raw = FeatureScaling.none(2).apply(block).features();
    assertArrayEquals(block.features(), raw);
  }

  @Test
  void aFoldedLayerTakesRawFeatures() {
    LabelledBlock block =
        new LabelledBlock(List.of("a", "b"), 2, 1, new float[] {3, 10, 7, 30}, new float[2]);
    FeatureScaling scaling = ShardStatistics.of(List.of(block).iterator()).scaling();
    Dense layer = new Dense(2, 1, new float[] {2, -3}, new float[] {0.5f});
    float[] scaled = scaling.apply(block).featureRow(1); // {1, 1}
    assertArrayEquals(new float[] {1, 1}, scaled);
    assertEquals(-0.5f, scaling.fold(layer).apply(new float[] {7, 30})[0], 1e-6f);
  }

  @Test
  void balancedWeightsAreScikitLearns() {
    ShardStatistics few = ShardStatistics.of(Digits.fewEights().iterator());
    LossWeights weights = LossWeights.of(ClassWeights.BALANCED, Output.SOFTMAX, few);
    assertFalse(weights.uniform());
    List<Double> expected = Digits.balancedWeights();
    for (int c = 0; c < 10; c++) {
      assertEquals(expected.get(c), weights.present()[c], 1e-6);
    }

    ShardStatistics properties = ShardStatistics.of(Digits.trainProperties().iterator());
    LossWeights labels = LossWeights.of(ClassWeights.BALANCED, Output.SIGMOID, properties);
    List<List<Double>> absentThenPresent = Digits.balancedLabelWeights();
    for (int c = 0; c < 4; c++) {
      assertEquals(absentThenPresent.get(c).get(0), labels.absent()[c], 1e-6);
      assertEquals(absentThenPresent.get(c).get(1), labels.present()[c], 1e-6);
    }
    assertTrue(LossWeights.of(ClassWeights.NONE, Output.SOFTMAX, few).uniform());
  }

  @Test
  void classesWithoutSamplesDoNotCount() {
    float[] onlyTheFirst = {1, 0, 0, 0, 1, 0};
    LabelledBlock block =
        new LabelledBlock(List.of("a", "b"), 1, 3, new float[] {1, 2}, onlyTheFirst);
    ShardStatistics statistics = ShardStatistics.of(List.of(block).iterator());
    assertArrayEquals(
        new float[] {1, 1, 0},
        LossWeights.of(ClassWeights.BALANCED, Output.SOFTMAX, statistics).present());
    LossWeights sigmoid = LossWeights.of(ClassWeights.BALANCED, Output.SIGMOID, statistics);
    assertArrayEquals(new float[] {1, 1, 0}, sigmoid.present());
    assertArrayEquals(new float[] {1, 1, 1}, sigmoid.absent());
  }
}
