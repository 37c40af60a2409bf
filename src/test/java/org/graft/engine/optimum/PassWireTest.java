package org.graft.engine.optimum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.graft.head.Averaging;
import org.graft.head.HeadRows;
import org.graft.head.HeadSpec;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.Sharding;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.reflect.ClassTag$;

/** What crosses to executors and back, through both of Spark's serialisers. */
class PassWireTest {
  static Stream<Serializer> serializers() {
    return Stream.of(new JavaSerializer(new SparkConf()), new KryoSerializer(new SparkConf()));
  }

  @ParameterizedTest
  @MethodSource("serializers")
  void passesAndTheirSums(Serializer serializer) {
    Shard shard = Shard.deal(Rows.of(40, 4, 3), Sharding.byKey(1)).get(0);
    HeadRows rows = HeadRows.of(0, 3, true).without(1, 3);
    assertEquals(rows, sent(serializer, rows));
    TrainingOptions options =
        new TrainingOptions(1, 1, 1, Updater.SGD, 0.1, 0, ClassWeights.BALANCED, true, 1);
    HeadSearch search =
        new HeadSearch(
            new TrainingPlan(
                new HeadSpec.Linear(), Rows.labels(3), Output.SOFTMAX, options, Averaging.of(1, 1)),
            rows,
            ShardStatistics.of(shard.blocks().stream().map(rows::block).iterator()));
    Pass pass = new Pass(List.of(search.here(), search.here()), true);
    PassSums here = pass.of(shard);
    PassSums there = sent(serializer, sent(serializer, pass).of(shard));
    assertArrayEquals(here.loss, there.loss);
    assertArrayEquals(here.gradient, there.gradient);
    assertArrayEquals(here.residuals, there.residuals);
    assertArrayEquals(here.hits, there.hits);
    assertEquals(rows.shard(shard).size(), there.rows[1]);
  }

  private static <T> T sent(Serializer serializer, T value) {
    SerializerInstance instance = serializer.newInstance();
    @SuppressWarnings("unchecked")
    Class<T> type = (Class<T>) value.getClass();
    return instance.deserialize(
        instance.serialize(value, ClassTag$.MODULE$.apply(type)), ClassTag$.MODULE$.apply(type));
  }
}
