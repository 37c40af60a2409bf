package org.graft.spark;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.common.UserError;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.EvaluationState;
import org.graft.head.HeadBytes;
import org.graft.head.TrainedHead;
import org.graft.sample.Split;

/** Step 4: each partition of labelled features becomes a state; states are merged. */
public final class Evaluating implements FlatMapFunction<Iterator<Row>, byte[]> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[]> head;
  private final int topK;

  private Evaluating(Broadcast<byte[]> head, int topK) {
    this.head = head;
    this.topK = topK;
  }

  /** The head on the index's test split, whatever the order and partitions of its rows. */
  public static Evaluation test(
      Session session, Index index, Features features, TrainedHead head, int topK)
      throws IOException {
    Dataset<Row> rows = LabelledRows.of(index, features.store(), Split.TEST);
    int k = Math.min(topK, head.labels().size());
    EvaluationState all = EvaluationState.of(head.output(), head.labels().size(), k);
    Broadcast<byte[]> shipped = session.context().broadcast(HeadBytes.of(head));
    session.named(
        "evaluate",
        () ->
            rows.toJavaRDD()
                .mapPartitions(new Evaluating(shipped, k))
                .collect()
                .forEach(state -> all.merge(EvaluationState.fromBytes(state))));
    shipped.destroy();
    if (all.samples() == 0) {
      throw new UserError(
          "Cannot evaluate: the test split has no usable sample (of %d). Raise split.test, or add samples."
              .formatted(index.card().samples()));
    }
    return all.evaluation(head.labels());
  }

  @Override
  public Iterator<byte[]> call(Iterator<Row> rows) {
    TrainedHead trained = HeadBytes.head(head.value());
    EvaluationState state = EvaluationState.of(trained.output(), trained.labels().size(), topK);
    while (rows.hasNext()) {
      Row row = rows.next();
      state.add(
          trained.probabilities(LabelledRows.features(row)),
          trained.output().targets(trained.labels(), row.getList(row.fieldIndex("labels"))));
    }
    return List.of(state.toBytes()).iterator();
  }
}
