package org.graft.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.common.UserError;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.EvaluationState;
import org.graft.evaluate.Hierarchy;
import org.graft.evaluate.LabelEvaluation;
import org.graft.evaluate.SingleLabelEvaluation;
import org.graft.head.HeadBytes;
import org.graft.head.TrainedHead;
import org.graft.sample.Split;

/** Step 4: each partition of labelled features becomes a state; states are merged. */
public final class Evaluating implements FlatMapFunction<Iterator<Row>, byte[][]> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[]> head;
  private final int topK;
  private final Hierarchy hierarchy;

  private Evaluating(Broadcast<byte[]> head, int topK, Hierarchy hierarchy) {
    this.head = head;
    this.topK = topK;
    this.hierarchy = hierarchy;
  }

  /**
   * The head on the index's test split, whatever the order and partitions of its rows.
   *
   * @param separator between the parts of labels, where they are paths; else empty
   */
  public static Evaluation test(
      Session session, Index index, Features features, TrainedHead head, int topK, String separator)
      throws IOException {
    Dataset<Row> rows = LabelledRows.of(index, features.store(), Split.TEST);
    return of(session, rows, head, topK, separator)
        .orElseThrow(
            () ->
                new UserError(
                    "Cannot evaluate: the test split has no usable sample (of %d). Raise split.test, or add samples."
                        .formatted(index.card().samples())));
  }

  /**
   * The head on labelled features; empty where there are none.
   *
   * @param rows {@code labels} (an array of the head's), {@code features} (an array of floats)
   */
  public static Optional<Evaluation> of(
      Session session, Dataset<Row> rows, TrainedHead head, int topK, String separator)
      throws IOException {
    Hierarchy hierarchy = Hierarchy.of(head.labels(), separator);
    int k = Math.min(topK, head.labels().size());
    List<EvaluationState> all = states(head, k, hierarchy);
    Broadcast<byte[]> shipped = session.context().broadcast(HeadBytes.of(head));
    session.named(
        "evaluate",
        () ->
            rows.toJavaRDD()
                .mapPartitions(new Evaluating(shipped, k, hierarchy))
                .collect()
                .forEach(states -> merge(all, states)));
    shipped.destroy();
    if (all.get(0).samples() == 0) {
      return Optional.empty();
    }
    Evaluation leaves = all.get(0).evaluation(head.labels());
    return Optional.of(
        hierarchy.levels() == 0
            ? leaves
            : ((SingleLabelEvaluation) leaves).with(levels(all, hierarchy)));
  }

  /** That of the labels themselves, then one a depth. */
  private static List<EvaluationState> states(TrainedHead head, int topK, Hierarchy hierarchy) {
    List<EvaluationState> states = new ArrayList<>();
    states.add(EvaluationState.of(head.output(), head.labels().size(), topK));
    for (int depth = 1; depth <= hierarchy.levels(); depth++) {
      states.add(EvaluationState.of(head.output(), hierarchy.labels(depth).size(), 1));
    }
    return states;
  }

  private static void merge(List<EvaluationState> all, byte[][] states) {
    for (int i = 0; i < states.length; i++) {
      all.get(i).merge(EvaluationState.fromBytes(states[i]));
    }
  }

  private static List<SingleLabelEvaluation.Level> levels(
      List<EvaluationState> all, Hierarchy hierarchy) {
    List<SingleLabelEvaluation.Level> levels = new ArrayList<>();
    for (int depth = 1; depth <= hierarchy.levels(); depth++) {
      LabelEvaluation at = (LabelEvaluation) all.get(depth).evaluation(hierarchy.labels(depth));
      levels.add(
          new SingleLabelEvaluation.Level(
              depth, at.classes().size(), at.accuracy(), at.macro().f1()));
    }
    return levels;
  }

  @Override
  public Iterator<byte[][]> call(Iterator<Row> rows) {
    TrainedHead trained = HeadBytes.head(head.value());
    List<EvaluationState> states = states(trained, topK, hierarchy);
    while (rows.hasNext()) {
      Row row = rows.next();
      float[] given = trained.probabilities(LabelledRows.features(row));
      float[] targets =
          trained.output().targets(trained.labels(), row.getList(row.fieldIndex("labels")));
      states.get(0).add(given, targets);
      for (int depth = 1; depth < states.size(); depth++) {
        states.get(depth).add(hierarchy.summed(given, depth), hierarchy.summed(targets, depth));
      }
    }
    byte[][] bytes = states.stream().map(EvaluationState::toBytes).toArray(byte[][]::new);
    return List.<byte[][]>of(bytes).iterator();
  }
}
