package org.graft.spark;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.graft.evaluate.Profile;
import org.graft.evaluate.ProfileState;
import org.graft.head.HeadBytes;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Split;

/** Each partition of features becomes a state; states are merged to the samples' profile. */
public final class Profiling implements FlatMapFunction<Iterator<Row>, byte[]> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[]> head;
  private final boolean featuresCount;
  private final boolean predictionsCount;

  private Profiling(Broadcast<byte[]> head, boolean featuresCount, boolean predictionsCount) {
    this.head = head;
    this.featuresCount = featuresCount;
    this.predictionsCount = predictionsCount;
  }

  /**
   * Features and labels of the training samples, and what the head says of the test samples, which
   * it has not seen. Where no features of training samples are stored, those of the test samples.
   */
  public static Profile of(Session session, Index index, Features features, TrainedHead head)
      throws IOException {
    Broadcast<byte[]> shipped = session.context().broadcast(HeadBytes.of(head));
    boolean labelled = head.output() != Output.VALUE;
    try {
      return session.asked(
          "profile",
          () -> {
            JavaRDD<Row> train = LabelledRows.of(index, features.store(), Split.TRAIN).toJavaRDD();
            JavaRDD<Row> test = LabelledRows.of(index, features.store(), Split.TEST).toJavaRDD();
            ProfileState all =
                merged(train.mapPartitions(new Profiling(shipped, true, false)), head);
            boolean none = all.samples() == 0;
            all.merge(merged(test.mapPartitions(new Profiling(shipped, none, labelled)), head));
            Profile profile = all.profile(head.labels());
            return labelled ? profile.with(labels(index)) : profile;
          });
    } finally {
      shipped.destroy();
    }
  }

  private static Map<String, Long> labels(Index index) {
    Map<String, Long> counts = new TreeMap<>();
    for (String label : index.card().labels()) {
      counts.put(label, index.card().count(label, Split.TRAIN));
    }
    return counts;
  }

  static ProfileState empty(TrainedHead head) {
    return new ProfileState(head.width(), head.labels().size());
  }

  /** The states of all partitions together; in a few places first, as each is some kB. */
  static ProfileState merged(JavaRDD<byte[]> states, TrainedHead head) {
    byte[] none = empty(head).toBytes();
    return ProfileState.fromBytes(states.treeAggregate(none, Profiling::sum, Profiling::sum));
  }

  private static byte[] sum(byte[] a, byte[] b) {
    ProfileState sum = ProfileState.fromBytes(a);
    sum.merge(ProfileState.fromBytes(b));
    return sum.toBytes();
  }

  @Override
  public Iterator<byte[]> call(Iterator<Row> rows) {
    TrainedHead trained = HeadBytes.head(head.value());
    ProfileState state = empty(trained);
    while (rows.hasNext()) {
      float[] features = LabelledRows.features(rows.next());
      if (featuresCount) {
        state.addFeatures(features);
      }
      if (predictionsCount) {
        state.addPrediction(trained.probabilities(features));
      }
    }
    return List.of(state.toBytes()).iterator();
  }
}
