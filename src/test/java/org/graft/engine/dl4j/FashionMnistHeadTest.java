package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.graft.engine.optimum.LocalOptimumTrainer;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Loss;
import org.graft.head.LossWeights;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.Sharding;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.testing.RealData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Averaged heads on the pixels of Fashion-MNIST against their optimum: within 1 % of the loss on
 * its 10,000 test pictures and 0.2 points of accuracy. Its files are of Debian's {@code
 * dataset-fashion-mnist}.
 */
@Tag(RealData.TAG)
class FashionMnistHeadTest {
  private static final int PIXELS = 28 * 28;
  private static final int CLASSES = 10;
  private static Pictures train;
  private static Pictures test;
  private static Loss optimum;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pictures(byte[] pixels, byte[] labels) {
    static Pictures read(String name) throws IOException {
      return new Pictures(
          content(name + "-images-idx3-ubyte.gz", 16), content(name + "-labels-idx1-ubyte.gz", 8));
    }

    private static byte[] content(String file, int header) throws IOException {
      Path path =
          RealData.debian("dataset-fashion-mnist", "usr/share/datasets/fashion-mnist/" + file);
      try (DataInputStream in =
          new DataInputStream(new GZIPInputStream(Files.newInputStream(path)))) {
        in.skipNBytes(header);
        return in.readAllBytes();
      }
    }

    List<Shard> dealt(int shards, boolean byLabel) {
      List<TreeMap<String, Integer>> rows = new ArrayList<>();
      for (int s = 0; s < shards; s++) {
        rows.add(new TreeMap<>());
      }
      Sharding byKey = Sharding.byKey(shards);
      for (int i = 0; i < labels.length; i++) {
        String key = Rows.key(i);
        rows.get(byLabel ? labels[i] % shards : byKey.shard(key)).put(key, i);
      }
      return rows.stream().map(this::shard).toList();
    }

    private Shard shard(SortedMap<String, Integer> rows) {
      float[] features = new float[rows.size() * PIXELS];
      float[] targets = new float[rows.size() * CLASSES];
      int at = 0;
      for (int row : rows.values()) {
        for (int j = 0; j < PIXELS; j++) {
          features[at * PIXELS + j] = (pixels[row * PIXELS + j] & 0xff) / 255f;
        }
        targets[at * CLASSES + labels[row]] = 1;
        at++;
      }
      List<String> keys = new ArrayList<>(rows.keySet());
      return new Shard(
          List.of(new LabelledBlock(keys, PIXELS, CLASSES, features, targets)).iterator());
    }
  }

  @BeforeAll
  static void findTheOptimum() throws IOException {
    train = Pictures.read("train");
    test = Pictures.read("t10k");
    TrainingPlan plan = plan(1, 500, Averaging.of(1, 1), Method.OPTIMUM);
    optimum =
        loss(
            LocalOptimumTrainer.train(
                    List.of(plan), train.dealt(1, false).get(0).blocks(), List.of(), round -> {})
                .get(0)
                .head());
    assertTrue(optimum.accuracy() > 0.84, "accuracy " + optimum.accuracy());
  }

  @ParameterizedTest
  @CsvSource({"1,false,20", "2,false,20", "8,false,20", "2,true,20", "8,true,30"})
  void averagingReachesTheOptimum(int workers, boolean byLabel, int epochs) {
    Averaging averaging = new Averaging.Graft(workers, 4, 16, 0, byLabel ? Sharding.LABEL : "");
    TrainingPlan plan = plan(epochs, 64 / workers, averaging, Method.AVERAGING);
    List<Shard> none = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      none.add(new Shard(List.<LabelledBlock>of().iterator()));
    }
    Loss loss =
        loss(
            LocalHeadTrainer.trainShards(plan, train.dealt(workers, byLabel), none, round -> {})
                .head());
    System.out.printf(
        "fashion-mnist, %d workers, by label %s: loss %.4f of %.4f, accuracy %.4f of %.4f%n",
        workers, byLabel, loss.mean(), optimum.mean(), loss.accuracy(), optimum.accuracy());
    assertEquals(optimum.mean(), loss.mean(), 0.01 * optimum.mean());
    assertEquals(optimum.accuracy(), loss.accuracy(), 0.002);
  }

  private static TrainingPlan plan(int epochs, int batch, Averaging averaging, Method method) {
    TrainingOptions options =
        new TrainingOptions(
            epochs,
            batch,
            0.004,
            Updater.ADAM,
            0.01,
            epochs,
            ClassWeights.NONE,
            true,
            1,
            method,
            Schedule.COSINE,
            0,
            0);
    return new TrainingPlan(
        new HeadSpec.Linear(), Rows.labels(CLASSES), Output.SOFTMAX, options, averaging);
  }

  private static Loss loss(TrainedHead head) {
    List<LabelledBlock> blocks = test.dealt(1, false).get(0).blocks();
    LossWeights equal =
        LossWeights.of(ClassWeights.NONE, Output.SOFTMAX, ShardStatistics.of(blocks.iterator()));
    return Loss.of(head, equal, blocks.iterator());
  }
}
