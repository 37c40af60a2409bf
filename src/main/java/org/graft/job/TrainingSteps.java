package org.graft.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.graft.WarmTrained;
import org.graft.head.Averaging;
import org.graft.head.AveragingGauge;
import org.graft.head.Candidates;
import org.graft.head.HeadSpec;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingPlan;
import org.graft.spark.EpochProgress;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.Trainer.Trained;

/** Heads on features. */
final class TrainingSteps {
  private final PipelineRun run;
  private final JobConfig config;

  TrainingSteps(PipelineRun run) {
    this.run = run;
    this.config = run.config();
  }

  /** A training that shows its progress. */
  private interface Fit<T> {
    T with(EpochProgress shown) throws IOException;
  }

  /** A model for each column, from the cut whose head is best. */
  List<Model> train(Index index, List<Index> columns, List<CutFeatures> cuts) throws IOException {
    if (config.train().warmStart() == WarmStart.LAST) { // of one head, as the configuration says
      return List.of(warm(index, cuts.get(0)));
    }
    List<List<Trained>> byCut = new ArrayList<>();
    for (CutFeatures cut : cuts) {
      byCut.add(train("train", index, columns, cut.features()));
    }
    HeadTable table = new HeadTable();
    List<Model> models = new ArrayList<>();
    for (int column = 0; column < columns.size(); column++) {
      String name = columns.size() == 1 ? "" : config.grid().labelColumn().get(column);
      int c = column;
      List<Trained> ofColumn = byCut.stream().map(cut -> cut.get(c)).toList();
      int best = best(table, name, cuts, ofColumn);
      models.add(new Model(name, columns.get(c), cuts.get(best), ofColumn.get(best), null));
    }
    tell(table);
    return models;
  }

  /** Which cut's head is; all go into the table. */
  private static int best(
      HeadTable table, String column, List<CutFeatures> cuts, List<Trained> heads) {
    List<TrainingHistory> histories =
        heads.stream().map(head -> head.training().history()).toList();
    int best = Candidates.best(histories.stream().mapToDouble(HeadTable::loss).toArray());
    for (int cut = 0; cut < cuts.size(); cut++) {
      Map<String, String> settings =
          cuts.size() == 1 ? Map.of() : Map.of("backbone.cut", cuts.get(cut).cut());
      table.add(column, settings, histories.get(cut), cut == best);
    }
    return best;
  }

  private void tell(HeadTable table) throws IOException {
    run.keep("heads", table.heads());
    run.page().tried(table.heads());
    run.out().print(table.text());
  }

  /** Beginning with the version in use. */
  private Model warm(Index index, CutFeatures cut) throws IOException {
    WarmTrained warm =
        shown(
            "train",
            shown ->
                run.graft()
                    .train(
                        config.name(),
                        index,
                        cut.features(),
                        run.plan(index),
                        config.train().checkpoint(),
                        shown));
    note("train", warm.trained());
    HeadTable table = new HeadTable();
    best(table, "", List.of(cut), List.of(warm.trained()));
    tell(table);
    return new Model("", index, cut, warm.trained(), warm.lineage());
  }

  /** One head a column, on features of all of {@code index}. */
  List<Trained> train(String name, Index index, List<Index> columns, Features features)
      throws IOException {
    List<TrainingPlan> plans = columns.stream().map(run::plan).toList();
    List<Trained> all =
        shown(
            name,
            shown ->
                run.graft()
                    .train(index, columns, features, plans, config.train().checkpoint(), shown));
    all.forEach(trained -> note(name, trained));
    return all;
  }

  private <T> T shown(String name, Fit<T> fit) throws IOException {
    int most =
        config.train().method() == Method.OPTIMUM
            ? config.train().convergence().iterations()
            : config.train().epochs();
    try (EpochProgress shown = new EpochProgress(run.progress(), name, most)) {
      T trained = fit.with(shown);
      shown.done();
      return trained;
    }
  }

  private void note(String name, Trained trained) {
    TrainingHistory history = trained.training().history();
    say(run, name, trained);
    TrainingNotes.of(history).forEach(run.err()::println);
    TrainingNotes.separable(history, config.train().l2()).forEach(run.err()::println);
    if (!trained.reused() && averagesWorkers()) {
      AveragingGauge.of(history.rounds())
          .complaint()
          .ifPresent(text -> run.err().printf("%-10s %s%n", name, text));
    }
  }

  static void say(PipelineRun run, String name, Trained trained) {
    run.err()
        .printf(
            "%-10s %s%s%n",
            name, trained.reused() ? "reused: " : "", HistoryLine.of(trained.training().history()));
  }

  private boolean averagesWorkers() {
    return config.train().method() == Method.AVERAGING
        && !HeadSpec.isSolved(config.head())
        && config.averaging() instanceof Averaging.Graft graftsOwn
        && graftsOwn.workers() > 1;
  }
}
