package org.graft.head;

import java.util.List;

/** Shards in this process, for fits that need passes only. */
public record LocalShards(List<Shard> train, List<Shard> validation) implements CosineFit.Shards {

  /** Rows in any order. */
  public static Training cosine(
      TrainingPlan plan, List<LabelledBlock> train, List<LabelledBlock> validation) {
    Sharding deal = plan.averaging().sharding();
    return CosineFit.run(
        plan, new LocalShards(Shard.deal(train, deal), Shard.deal(validation, deal)));
  }

  @Override
  public List<ClassMeans> means() {
    return train.stream().map(shard -> ClassMeans.of(shard.blocks().iterator())).toList();
  }

  @Override
  public List<ShardStatistics> statistics() {
    return train.stream().map(shard -> ShardStatistics.of(shard.blocks().iterator())).toList();
  }

  @Override
  public List<ScaleLoss> losses(
      ClassMeans means, double[] scales, boolean leaveOneOut, LossWeights weights) {
    return (leaveOneOut ? train : validation)
        .stream()
            .map(
                shard ->
                    ScaleLoss.of(means, scales, leaveOneOut, weights, shard.blocks().iterator()))
            .toList();
  }
}
