package org.graft;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.graft.bundle.BundleReader;
import org.graft.bundle.Lineage;
import org.graft.bundle.ModelFolder;
import org.graft.bundle.Provenance;
import org.graft.engine.exact.ExactHeads;
import org.graft.head.Checkpoints;
import org.graft.head.Checkpoints.Rhythm;
import org.graft.head.HeadSpec;
import org.graft.head.RoundReport;
import org.graft.head.Shard;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingPlan;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.Progress;
import org.graft.spark.Session;
import org.graft.spark.TrainedSamples;
import org.graft.spark.Trainer;
import org.graft.spark.Trainer.Trained;

/**
 * A training that begins with the version in use: an averaged head with its parameters, a solved
 * one with the sums behind it. Where that cannot be, it begins afresh, and says why.
 */
final class WarmStarts {
  private final Graft graft;
  private final Session session;
  private final Progress progress;
  private final String model;
  private final Index index;
  private final Features features;
  private final TrainingPlan plan;
  private final Rhythm checkpoints;
  private final Consumer<RoundReport> rounds;
  private final TrainedSamples samples;

  WarmStarts(
      Graft graft,
      Session session,
      Progress progress,
      String model,
      Index index,
      Features features,
      TrainingPlan plan,
      Rhythm checkpoints,
      Consumer<RoundReport> rounds) {
    this.graft = graft;
    this.session = session;
    this.progress = progress;
    this.model = model;
    this.index = index;
    this.features = features;
    this.plan = plan;
    this.checkpoints = checkpoints;
    this.rounds = rounds;
    this.samples = new TrainedSamples(session, graft.workspace());
  }

  WarmTrained train() throws IOException {
    WarmTrained trained = begun();
    String training = trained.lineage().training();
    if (HeadSpec.isSolved(plan.spec()) && !samples.has(training)) {
      samples.keep(training, samples.of(index, features, plan));
    }
    return trained;
  }

  private WarmTrained begun() throws IOException {
    ModelFolder folder = graft.models(model);
    OptionalInt inUse = folder.latest();
    if (inUse.isEmpty()) {
      return afresh("there is no version yet");
    }
    int number = inUse.getAsInt();
    String version = folder.version(number);
    BundleReader reader = new BundleReader(graft.storage());
    Provenance provenance = reader.provenance(version);
    if (!provenance.featuresSha256().equals(features.manifest().fingerprint().sha256())) {
      return afresh("the features of version %d are others".formatted(number));
    }
    Optional<Lineage> last = Optional.ofNullable(provenance.lineage());
    Optional<WarmTrained> again = last.isEmpty() ? Optional.empty() : again(last.get());
    if (again.isPresent()) {
      return again.get();
    }
    TrainedHead head = reader.head(version);
    String training = last.map(Lineage::training).orElse(null);
    Lineage start = new Lineage(null, number, head.sha256(), training);
    return HeadSpec.isSolved(plan.spec()) ? updated(start, head) : continued(start, head);
  }

  /** What the version in use was trained by, where a training now would be the very same. */
  private Optional<WarmTrained> again(Lineage last) throws IOException {
    Trainer trainer = trainer(new Begun(last.start(), fits()));
    String training = trainer.fingerprint(index, features, plan);
    return training.equals(last.training()) && trainer.has(training)
        ? Optional.of(new WarmTrained(train(trainer), last))
        : Optional.empty();
  }

  private WarmTrained afresh(String why) throws IOException {
    progress.say("train", "begins afresh: " + why);
    return trained(new Lineage(null, null, null, null), fits());
  }

  private WarmTrained continued(Lineage start, TrainedHead head) throws IOException {
    if (!head.isShapedAs(plan.spec(), plan.output())) {
      return afresh("the head of version %d has another shape".formatted(start.version()));
    }
    progress.say("train", "begins with the head of version %d".formatted(start.version()));
    return trained(start, new HeadFits(session.context(), head.relabelled(plan.labels())));
  }

  private WarmTrained updated(Lineage start, TrainedHead head) throws IOException {
    Trainer trainer = trainer(new Begun(start.start(), fits()));
    if (trainer.has(trainer.fingerprint(index, features, plan))) {
      return trained(start, fits());
    }
    SumsUpdate update =
        new SumsUpdate(graft, samples, index, features, plan, note -> progress.say("train", note));
    if (start.startTraining() == null || !update.isKept(start.startTraining())) {
      return afresh("the sums of version %d are not kept".formatted(start.version()));
    }
    if (head.output() != plan.output()
        || !ExactHeads.isChoiceOf(plan, graft.history(start.startTraining()))) {
      return afresh("what version %d chose is no choice any more".formatted(start.version()));
    }
    progress.say("train", "begins with the sums of version %d".formatted(start.version()));
    Optional<Training> training = update.of(start.startTraining(), head.labels());
    return training.isEmpty()
        ? trained(new Lineage(null, null, null, null), fits())
        : trained(start, (plans, train, validation, kept, told) -> List.of(training.get()));
  }

  private WarmTrained trained(Lineage start, Trainer.Fit fit) throws IOException {
    Trained trained = train(trainer(new Begun(start.start(), fit)));
    return new WarmTrained(trained, start.of(trained.fingerprint()));
  }

  private HeadFits fits() {
    return new HeadFits(session.context());
  }

  private Trainer trainer(Trainer.Fit fit) {
    return new Trainer(
        session, graft.workspace(), fit, checkpoints, note -> progress.say("train", note));
  }

  private Trained train(Trainer trainer) throws IOException {
    return trainer.train(index, List.of(index), features, List.of(plan), rounds).get(0);
  }

  /**
   * @param id what of the beginning shapes the head
   */
  private record Begun(String id, Trainer.Fit fit) implements Trainer.Fit {
    @Override
    public List<Training> train(
        List<TrainingPlan> plans,
        JavaRDD<Shard> train,
        JavaRDD<Shard> validation,
        Checkpoints checkpoints,
        Consumer<RoundReport> progress) {
      return fit.train(plans, train, validation, checkpoints, progress);
    }
  }
}
