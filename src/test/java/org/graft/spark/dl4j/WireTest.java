package org.graft.spark.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.graft.head.ClassMeans;
import org.graft.head.HeadBytes;
import org.graft.head.LabelledBlock;
import org.graft.head.Loss;
import org.graft.head.LossFunction;
import org.graft.head.LossWeights;
import org.graft.head.Rows;
import org.graft.head.ScaleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.Sharding;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions.ClassWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.DataSet;
import scala.reflect.ClassTag$;

/** All that crosses to executors and back, through both of Spark's serialisers. */
class WireTest {
  static Stream<Serializer> serializers() {
    SparkConf conf = new SparkConf().set("spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator");
    return Stream.of(
        new JavaSerializer(conf), new KryoSerializer(conf), new KryoSerializer(new SparkConf()));
  }

  @ParameterizedTest
  @MethodSource("serializers")
  void blocksShardsAndSums(Serializer serializer) {
    LabelledBlock block = LabelledBlock.joined(sorted()).orElseThrow();
    assertEquals(block, sent(serializer, block));

    Shard shard = new Shard(List.of(block).iterator());
    Shard sentShard = sent(serializer, shard);
    assertEquals(shard.blocks(), sentShard.blocks());
    assertArrayEquals(shard.order(3, 4), sentShard.order(3, 4));

    ShardStatistics statistics = ShardStatistics.of(List.of(block).iterator());
    ShardStatistics sentStatistics = sent(serializer, statistics);
    assertEquals(statistics.rows(), sentStatistics.rows());
    assertArrayEquals(
        statistics.scaling().apply(block).features(),
        sent(serializer, sentStatistics.scaling()).apply(block).features());

    LossWeights weights = LossWeights.of(ClassWeights.BALANCED, Output.SOFTMAX, statistics);
    assertArrayEquals(weights.present(), sent(serializer, weights).present());
    LossFunction function = sent(serializer, LossFunction.of(weights, Output.SOFTMAX));
    assertArrayEquals(weights.present(), function.present());
    assertTrue(function.softmax());
    Loss loss = Loss.of(head(), function, List.of(block).iterator());
    assertEquals(loss.mean(), sent(serializer, loss).mean());

    ClassMeans means = ClassMeans.of(List.of(block).iterator());
    double[] scales = {1, 9};
    ScaleLoss scale =
        ScaleLoss.of(sent(serializer, means), scales, true, weights, List.of(block).iterator());
    assertEquals(
        ScaleLoss.of(means, scales, true, weights, List.of(block).iterator()).mean(1),
        sent(serializer, scale).mean(1));
  }

  /** ND4J's arrays need ND4J's registrator; DL4J asks for it, too. */
  static Stream<Serializer> withNd4j() {
    return serializers().limit(2);
  }

  @ParameterizedTest
  @MethodSource("withNd4j")
  void dataSetsCarryKeys(Serializer serializer) {
    LabelledBlock block = LabelledBlock.joined(sorted()).orElseThrow();
    DataSet dataSet = BlockDataSets.dataSet(block);
    assertEquals(block, BlockDataSets.block(dataSet));
    assertEquals(block, BlockDataSets.block(sent(serializer, dataSet)));
  }

  @Test
  void headsTravelAsBytes() {
    TrainedHead head = head();
    assertEquals(head, HeadBytes.head(HeadBytes.of(head)));
    TrainedHead unit =
        new TrainedHead(TrainedHead.Input.UNIT, head.layers(), head.output(), head.labels());
    assertEquals(unit, HeadBytes.head(HeadBytes.of(unit)));
    assertNotEquals(head.sha256(), unit.sha256());
  }

  private static TrainedHead head() {
    Dense hidden = new Dense(4, 2, new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new float[] {9, 10});
    Dense top = new Dense(2, 3, new float[] {.1f, .2f, .3f, .4f, .5f, .6f}, new float[3]);
    return new TrainedHead(List.of(hidden, top), Output.SOFTMAX, Rows.labels(3));
  }

  private static List<LabelledBlock> sorted() {
    return Shard.deal(Rows.weighted(9, 4, 3), Sharding.byKey(1)).get(0).blocks();
  }

  private static <T> T sent(Serializer serializer, T value) {
    SerializerInstance instance = serializer.newInstance();
    @SuppressWarnings("unchecked")
    Class<T> type = (Class<T>) value.getClass();
    return instance.deserialize(
        instance.serialize(value, ClassTag$.MODULE$.apply(type)), ClassTag$.MODULE$.apply(type));
  }
}
