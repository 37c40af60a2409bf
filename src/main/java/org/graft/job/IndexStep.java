package org.graft.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.graft.evaluate.Hierarchy;
import org.graft.sample.DatasetCard;
import org.graft.sample.Labels;
import org.graft.spark.Index;

/** What samples there are. */
final class IndexStep {
  private final PipelineRun run;
  private final JobConfig config;

  IndexStep(PipelineRun run) {
    this.run = run;
    this.config = run.config();
  }

  Index index() throws IOException {
    Index index = run.graft().index(config.indexing());
    DatasetCard card = index.card();
    count(card);
    IndexNotes.of(card, config.source().path(), index.reused()).forEach(run.err()::println);
    run.keep("dataset", card);
    run.page().fact("dataset SHA-256", card.digest());
    run.page().rejected("index", index.rejects());
    index.rejects().check(0, card.indexed(), config.limits().rejected());
    run.graft().checkWeights(index, config.train().weightColumn());
    if (config.grid().labelColumn().isEmpty()) { // else each column is looked at by itself
      Hierarchy.of(Labels.inOrder(card.labels()), config.evaluate().hierarchy());
      IndexNotes.refuse(card, config.head().output(config.multiLabel()), run.arguments().verb());
    }
    return index;
  }

  private void count(DatasetCard card) {
    run.summary().counts.put("indexed", card.indexed());
    run.summary().counts.put("duplicates", card.duplicates());
    run.summary().counts.put("rejected", card.rejected());
  }

  /** The samples by each column of labels; as they are where there is none. */
  List<Index> columns(Index index) throws IOException {
    if (config.grid().labelColumn().isEmpty()) {
      return List.of(index);
    }
    List<Index> columns = new ArrayList<>();
    for (String column : config.grid().labelColumn()) {
      columns.add(run.graft().byColumn(index, column));
    }
    return columns;
  }
}
