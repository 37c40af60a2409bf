package org.graft.job;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.graft.BackboneOptions;
import org.graft.common.Location;
import org.graft.common.Problems;
import org.graft.evaluate.Gate;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.Sharding;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingPlan;
import org.graft.sample.DayRange;
import org.graft.sample.Labels;
import org.graft.sample.SampleSource;
import org.graft.spark.ExtractOptions;
import org.graft.spark.IndexOptions;

/**
 * A whole job, from pictures to a published head. conf/quickstart.yaml shows every key.
 *
 * @param name of the model that is published
 * @param workspace folder for everything that Graft writes, on any Hadoop file system
 * @param multiLabel whether a sample may have any number of labels
 * @param precision the numbers that the frozen network computes in
 * @param labels the classes in their order; empty: those that occur, sorted
 * @param seed of everything that is drawn
 * @param gate metric to condition ({@link Gate}): what a head must reach to be published
 */
public record JobConfig(
    String name,
    @Location String workspace,
    long seed,
    boolean multiLabel,
    List<String> labels,
    SampleSource source,
    DayRange partitions,
    SplitConfig split,
    BackboneConfig backbone,
    WeightsConfig weights,
    PrecisionConfig precision,
    ExtractConfig extract,
    DataDoctorConfig dataDoctor,
    HeadSpec head,
    TrainConfig train,
    FineTuneConfig finetune,
    Averaging averaging,
    GridConfig grid,
    EvaluateConfig evaluate,
    Map<String, String> gate,
    DriftConfig drift,
    PublishConfig publish,
    LimitsConfig limits,
    LockConfig lock,
    MlflowConfig mlflow)
    implements Checked {
  static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

  static final JobConfig DEFAULTS =
      new JobConfig(
          null, null, 42, false, List.of(), null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, Map.of(), null, null, null, null, null);

  @Override
  public void check(Problems problems, String path) {
    problems.check(
        name.matches(NAME),
        "'name' is '%s': use letters, digits, '.', '_' and '-', beginning with a letter or digit",
        name);
    problems.check(!workspace.isEmpty(), "'workspace' is empty: name a folder");
    gate.forEach(
        (metric, condition) ->
            problems.check(
                Gate.isCondition(condition),
                "'gate.%s' is '%s': write a comparison with a number or with the last published version, like '>= 0.9' or '>= last - 0.5pt'",
                metric,
                condition));
    problems.check(
        labels.stream().distinct().count() == labels.size(), "'labels' names a class twice");
    new JobChecks(this, problems).all();
  }

  /** The model's name; several columns of labels have a model each. */
  String model(String column) {
    return column.isEmpty() ? name : name + "." + column;
  }

  /** The names of all models that the job publishes. */
  List<String> models() {
    return grid.labelColumn().size() < 2
        ? List.of(name)
        : grid.labelColumn().stream().map(this::model).toList();
  }

  /** One for each cut. */
  List<BackboneOptions> backbones() {
    List<String> cuts = grid.cut().isEmpty() ? List.of(backbone.cut()) : grid.cut();
    return cuts.stream().map(cut -> backbone.options(cut, weights.downloads())).toList();
  }

  IndexOptions indexing() {
    return new IndexOptions(
        source,
        multiLabel,
        labels,
        split.splitter(seed),
        limits.bytes(),
        columns(),
        grid.labelColumn().isEmpty(),
        head.output(multiLabel) == Output.VALUE,
        partitions.isAll() ? null : partitions);
  }

  ExtractOptions extraction() {
    return new ExtractOptions(
        extract.partitions(), extract.readers(), limits.ofSamples(), extract.views(), seed);
  }

  /**
   * @param names of the labels, in their order
   */
  TrainingPlan training(List<String> names) {
    return new TrainingPlan(
        head,
        Labels.inOrder(names),
        head.output(multiLabel),
        train.options(seed),
        averaging,
        grid.grid(),
        train.weightColumn());
  }

  /** Columns of the source that the job reads beside labels and split, sorted. */
  List<String> columns() {
    return Stream.concat(
            Stream.of(averaging.sharding().by(), train.weightColumn()), grid.labelColumn().stream())
        .filter(name -> !name.isEmpty() && !name.equals(Sharding.LABEL))
        .distinct()
        .sorted()
        .toList();
  }
}
