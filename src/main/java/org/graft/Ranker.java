package org.graft;

import java.io.IOException;
import java.util.List;
import org.graft.backbone.BackboneSpec;
import org.graft.common.UserError;
import org.graft.engine.exact.Transferability;
import org.graft.head.Checkpoints.Rhythm;
import org.graft.head.LabelledBlock;
import org.graft.head.TrainingPlan;
import org.graft.rank.Ranked;
import org.graft.sample.SampleSource;
import org.graft.spark.BackboneChoice;
import org.graft.spark.ExtractOptions;
import org.graft.spark.Extractor;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.Progress;
import org.graft.spark.Session;
import org.graft.spark.StratifiedSample;
import org.graft.spark.Trainer;
import org.graft.spark.Workspace;

/** Measures networks on a sample, in a workspace of its own that is deleted afterwards. */
final class Ranker {
  /** Samples that go through a network before its time counts. */
  private static final int WARM_UP = 16;

  private final Session session;
  private final String folder;
  private final Progress progress;

  Ranker(Session session, String folder, Progress progress) {
    this.session = session;
    this.folder = folder;
    this.progress = progress;
  }

  Ranked of(
      BackboneChoice network,
      Index index,
      Index sample,
      SampleSource source,
      ExtractOptions options,
      TrainingPlan plan)
      throws IOException {
    BackboneSpec spec = network.spec();
    int width = spec.card().vectorWidth(spec.cut(), spec.pooling());
    if (width > Transferability.MOST_WIDTH) {
      throw new UserError(
          "Cannot rank %s: it has %d features at %s (limit %d). Name a cut or a pooling with fewer."
              .formatted(spec.card().name(), width, spec.cut(), Transferability.MOST_WIDTH));
    }
    try {
      extract(network, StratifiedSample.first(sample, WARM_UP), source, options, "warm");
      Features features = extract(network, sample, source, options, "rank");
      Transferability found = Transferability.of(rows(sample, features, plan));
      double perSecond = features.times().samples() * atOnce() / features.times().seconds();
      return new Ranked(
          spec.card().name(),
          spec.cut(),
          width,
          found.samples(),
          found.accuracy(),
          found.logMe(),
          found.hScore(),
          perSecond,
          index.card().samples() / perSecond);
    } finally {
      session.storage().delete(folder);
    }
  }

  /** Tasks; a job's start, which is long for a few samples, is not told by their rate. */
  private int atOnce() {
    int cpus = session.context().getConf().getInt("spark.task.cpus", 1);
    return Math.max(1, session.context().defaultParallelism() / cpus);
  }

  private Features extract(
      BackboneChoice network,
      Index sample,
      SampleSource source,
      ExtractOptions options,
      String name)
      throws IOException {
    return new Extractor(session, new Workspace(folder))
        .extract(
            sample,
            source,
            network,
            options.plain(),
            folder + "/" + name,
            folder + "/rejected/" + name,
            name,
            progress);
  }

  private List<LabelledBlock> rows(Index sample, Features features, TrainingPlan plan)
      throws IOException {
    return new Trainer(
            session,
            new Workspace(folder),
            new HeadFits(session.context()),
            Rhythm.DEFAULTS,
            note -> progress.say("rank", note))
        .with(
            sample,
            features,
            plan.inspecting(1),
            shards -> shards.flatMap(shard -> shard.blocks().iterator()).collect());
  }
}
