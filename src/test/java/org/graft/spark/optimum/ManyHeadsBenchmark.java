package org.graft.spark.optimum;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.graft.common.SeededHash;
import org.graft.head.Averaging;
import org.graft.head.Candidates;
import org.graft.head.Convergence;
import org.graft.head.Grid;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.spark.dl4j.TestCluster;

/**
 * Many softmax heads together and each by itself, on the same shards: {@code ManyHeadsBenchmark
 * [rows width classes heads]}, by default 20,000 x 2,048, 10 classes, 32 heads.
 */
final class ManyHeadsBenchmark {
  private static final int SHARDS = 2;

  private ManyHeadsBenchmark() {}

  public static void main(String[] args) {
    int[] n = {20_000, 2048, 10, 32};
    for (int i = 0; i < args.length; i++) {
      n[i] = Integer.parseInt(args[i]);
    }
    JavaSparkContext sc = TestCluster.spark();
    JavaRDD<Shard> train = shards(sc, 0, n[0], n[1], n[2]);
    JavaRDD<Shard> held = shards(sc, n[0], n[0] / 10, n[1], n[2]);
    List<Double> l2 = new ArrayList<>();
    for (int i = 0; i < n[3]; i++) {
      l2.add(Math.pow(10, -5 + 4.0 * i / Math.max(1, n[3] - 1)));
    }
    TrainingPlan together = plan(n[2], new Grid(l2, List.of(), List.of(), 0));
    one(sc, plan(n[2], Grid.NONE), train, held); // warm

    long begin = System.nanoTime();
    Training many = one(sc, together, train, held);
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf("%d heads together: %.1f s%n", n[3], seconds);

    double alone = 0;
    double worst = 0;
    List<TrainingPlan> plans = Candidates.of(together);
    for (int i = 0; i < plans.size(); i++) {
      begin = System.nanoTime();
      Training single = one(sc, plans.get(i), train, held);
      alone += (System.nanoTime() - begin) / 1e9;
      Candidate candidate = many.history().candidates().get(i);
      double apart =
          Math.abs(single.history().best().loss() - candidate.scores().get("trainingLoss"));
      worst = Math.max(worst, apart);
      System.out.printf(
          "l2 %.2g: loss %.6f, %.0f iterations, apart by %.2g%n",
          l2.get(i), single.history().best().loss(), candidate.scores().get("iterations"), apart);
    }
    System.out.printf(
        "each by itself: %.1f s; together %.3f of that; losses apart by at most %.2g%n",
        alone, seconds / alone, worst);
    sc.stop();
  }

  private static Training one(
      JavaSparkContext sc, TrainingPlan plan, JavaRDD<Shard> train, JavaRDD<Shard> held) {
    return SparkOptimumTrainer.train(sc, List.of(plan), train, held, pass -> {}).get(0);
  }

  private static TrainingPlan plan(int classes, Grid grid) {
    TrainingOptions options =
        new TrainingOptions(
            1,
            1,
            1,
            Updater.SGD,
            1e-3,
            0,
            ClassWeights.NONE,
            true,
            1,
            Method.OPTIMUM,
            Schedule.CONSTANT,
            0,
            0,
            Convergence.DEFAULTS);
    return new TrainingPlan(
        new HeadSpec.Linear(),
        Rows.labels(classes),
        Output.SOFTMAX,
        options,
        Averaging.of(SHARDS, 1),
        grid,
        "");
  }

  private static JavaRDD<Shard> shards(
      JavaSparkContext sc, int from, int rows, int width, int classes) {
    List<Integer> numbers = IntStream.range(0, SHARDS).boxed().toList();
    JavaRDD<Shard> shards =
        sc.parallelize(new ArrayList<>(numbers), SHARDS)
            .map(
                s -> {
                  int first = from + s * rows / SHARDS;
                  int last = from + (s + 1) * rows / SHARDS;
                  List<LabelledBlock> blocks = new ArrayList<>();
                  for (int at = first; at < last; at += 1024) {
                    blocks.add(block(at, Math.min(last, at + 1024), width, classes));
                  }
                  return new Shard(blocks.iterator());
                })
            .persist(StorageLevel.MEMORY_ONLY());
    shards.count();
    return shards;
  }

  /** Class centres with noise, so that many rows are on the wrong side. */
  private static LabelledBlock block(int from, int to, int width, int classes) {
    int n = to - from;
    List<String> keys = new ArrayList<>();
    float[] x = new float[n * width];
    float[] y = new float[n * classes];
    for (int i = 0; i < n; i++) {
      keys.add("%09d".formatted(from + i));
      int label = (int) (SeededHash.unit(SeededHash.hash(5, from + i)) * classes);
      y[i * classes + label] = 1;
      for (int j = 0; j < width; j++) {
        double noise = SeededHash.unit(SeededHash.hash(7, from + i, j)) - 0.5;
        double centre = SeededHash.unit(SeededHash.hash(9, label, j)) - 0.5;
        x[i * width + j] = (float) (noise * 4 + centre * 0.15);
      }
    }
    return new LabelledBlock(Collections.unmodifiableList(keys), width, classes, x, y);
  }
}
