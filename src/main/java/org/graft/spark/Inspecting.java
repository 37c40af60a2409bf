package org.graft.spark;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.Inspection;
import org.graft.evaluate.InspectionState;
import org.graft.evaluate.SingleLabelEvaluation.Cell;
import org.graft.head.HeadBytes;
import org.graft.head.TrainedHead;
import org.graft.sample.Split;

/** What there is to see in the test split, once it is evaluated; states, as of the evaluation. */
public final class Inspecting implements FlatMapFunction<Iterator<Row>, byte[]> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[]> head;

  /** {@code [cells][actual, predicted]} of which samples are kept. */
  private final int[][] cells;

  private Inspecting(Broadcast<byte[]> head, List<Cell> cells) {
    this.head = head;
    this.cells =
        cells.stream()
            .map(cell -> new int[] {cell.actual(), cell.predicted()})
            .toArray(int[][]::new);
  }

  /**
   * @param evaluation of the same head on the same split
   */
  public static Inspection test(
      Session session, Index index, Features features, TrainedHead head, Evaluation evaluation)
      throws IOException {
    Broadcast<byte[]> shipped = session.context().broadcast(HeadBytes.of(head));
    Inspecting inspecting = new Inspecting(shipped, Inspection.cells(evaluation));
    try {
      return session.asked(
          "inspect",
          () -> {
            byte[] all =
                LabelledRows.of(index, features.store(), Split.TEST)
                    .toJavaRDD()
                    .mapPartitions(inspecting)
                    .treeAggregate(
                        inspecting.empty(head).toBytes(), inspecting::sum, inspecting::sum);
            InspectionState state = inspecting.empty(head);
            state.merge(all);
            return state.inspection();
          });
    } finally {
      shipped.destroy();
    }
  }

  private InspectionState empty(TrainedHead trained) {
    List<Cell> wanted = Stream.of(cells).map(at -> new Cell(at[0], at[1], 0)).toList();
    return new InspectionState(trained.output(), trained.labels(), wanted);
  }

  private byte[] sum(byte[] a, byte[] b) {
    InspectionState sum = empty(HeadBytes.head(head.value()));
    sum.merge(a);
    sum.merge(b);
    return sum.toBytes();
  }

  @Override
  public Iterator<byte[]> call(Iterator<Row> rows) {
    TrainedHead trained = HeadBytes.head(head.value());
    InspectionState state = empty(trained);
    while (rows.hasNext()) {
      Row row = rows.next();
      List<String> labels = row.getList(row.fieldIndex("labels"));
      state.add(
          row.getAs("key"),
          row.getAs("path"),
          labels,
          trained.probabilities(LabelledRows.features(row)),
          trained.output().targets(trained.labels(), labels));
    }
    return List.of(state.toBytes()).iterator();
  }
}
