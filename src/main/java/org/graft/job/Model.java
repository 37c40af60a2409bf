package org.graft.job;

import org.graft.bundle.Lineage;
import org.graft.head.TrainedHead;
import org.graft.head.TrainingHistory;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.Trainer.Trained;

/**
 * A head that was chosen.
 *
 * @param column that its labels are from; empty: the source's own labels
 * @param index by that column
 * @param lineage what its training began with; null: it did not ask
 */
record Model(String column, Index index, CutFeatures from, Trained trained, Lineage lineage) {
  /** A name in the summary. */
  String key(String name) {
    return column.isEmpty() ? name : column + "." + name;
  }

  Features features() {
    return from.features();
  }

  TrainedHead head() {
    return trained.training().head();
  }

  TrainingHistory history() {
    return trained.training().history();
  }

  /** The same samples with a head that was trained further, on other features. */
  Model tuned(CutFeatures features, Trained further) {
    return new Model(column, index, features, further, lineage);
  }
}
