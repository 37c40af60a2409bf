package org.graft;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.engine.dl4j.TailNetwork;
import org.graft.engine.dl4j.TailTrainee;
import org.graft.engine.dl4j.TunedCard;
import org.graft.head.Checkpoints.Rhythm;
import org.graft.head.FeatureScaling;
import org.graft.head.FineTuning;
import org.graft.head.RoundReport;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainingPlan;
import org.graft.sample.SampleSource;
import org.graft.spark.BackboneChoice;
import org.graft.spark.ExtractOptions;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.Progress;
import org.graft.spark.Session;
import org.graft.spark.Trainer;
import org.graft.spark.Trainer.Trained;
import org.graft.weights.Sha256;

/**
 * Trains the network above an earlier cut with its head: what is below is run once, and its
 * activations are kept as features are.
 */
final class Tuning {
  private final Graft graft;
  private final Session session;
  private final Index index;
  private final SampleSource source;
  private final ExtractOptions options;
  private final Rhythm checkpoints;
  private final Progress progress;

  Tuning(
      Graft graft,
      Session session,
      Index index,
      SampleSource source,
      ExtractOptions options,
      Rhythm checkpoints,
      Progress progress) {
    this.graft = graft;
    this.session = session;
    this.index = index;
    this.source = source;
    this.options = options;
    this.checkpoints = checkpoints;
    this.progress = progress;
  }

  /** Whether the network has that place. */
  static void check(BackboneChoice network, FineTuning tuning) throws IOException {
    TailNetwork.read(network.spec(), tuning.from()).close();
  }

  Tuned of(
      BackboneChoice network,
      Features features,
      Trained start,
      TrainingPlan plan,
      FineTuning tuning,
      Consumer<RoundReport> rounds)
      throws IOException {
    TrainedHead head = start.training().head();
    FeatureScaling scaling =
        plan.options().standardize()
            ? trainer(null).with(index, features, plan, Tuning::scaling)
            : FeatureScaling.none(head.width());
    try (TailNetwork tail = TailNetwork.read(network.spec(), tuning.from())) {
      Features activations =
          graft.extract(
              "activations", index, source, network.at(tail.below(), Pooling.NONE), options);
      TailFit fit =
          new TailFit(
              session.context(),
              tail,
              head,
              scaling,
              tuning,
              start.fingerprint() + " " + network.spec().cut() + " " + network.spec().pooling());
      Trained trained = trainer(fit).train(index, activations, plan.tuning(tuning), rounds);
      return new Tuned(tuned(network, tuning, trained.fingerprint()), trained);
    }
  }

  private static FeatureScaling scaling(JavaRDD<Shard> samples) {
    return ShardStatistics.merged(
            samples.map(shard -> ShardStatistics.of(shard.blocks().iterator())).collect())
        .scaling();
  }

  private Trainer trainer(TailFit fit) {
    return new Trainer(
        session, graft.workspace(), fit, checkpoints, note -> progress.say("finetune", note));
  }

  private BackboneChoice tuned(BackboneChoice network, FineTuning tuning, String fingerprint)
      throws IOException {
    Path folder = Files.createTempDirectory("graft-tuned");
    Path file = folder.resolve(TunedCard.fileName(network.spec().card()));
    String kept = graft.workspace().head(fingerprint) + "/" + TailTrainee.WEIGHTS;
    try (InputStream weights = graft.storage().open(kept)) {
      Files.copy(weights, file);
    }
    file.toFile().deleteOnExit();
    folder.toFile().deleteOnExit();
    BackboneSpec spec = network.spec();
    return new BackboneChoice(
        new BackboneSpec(
            TunedCard.of(spec, tuning, file),
            spec.cut(),
            spec.pooling(),
            spec.batch(),
            file,
            spec.precision()),
        network.loader(),
        Sha256.of(file),
        network.jpegScaling());
  }
}
