package org.graft.spark.exact;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.graft.head.Averaging;
import org.graft.head.Grid;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;

/**
 * Seconds of exact heads on made-up features. Arguments: rows, width, shards, then pairs of
 * penalties and label columns of ten classes, for instance {@code 20000 2048 2 1x1 20x10}.
 */
public final class ExactBenchmark {
  private static final int CLASSES = 10;

  private ExactBenchmark() {}

  public static void main(String[] args) throws IOException {
    int rows = Integer.parseInt(args[0]);
    int width = Integer.parseInt(args[1]);
    int shards = Integer.parseInt(args[2]);
    SparkConf conf = new SparkConf().setMaster("local[2]").setAppName("exact");
    conf.set("spark.ui.enabled", "false");
    try (JavaSparkContext sc = new JavaSparkContext(conf)) {
      for (int turn = 0; turn < (rows * (long) width > 1 << 26 ? 1 : 2); turn++) {
        for (int i = 3; i < args.length; i++) {
          String[] sizes = args[i].split("x", 2);
          run(sc, rows, width, shards, Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
        }
      }
    }
  }

  private static void run(
      JavaSparkContext sc, int rows, int width, int shards, int penalties, int columns)
      throws IOException {
    JavaRDD<Shard> samples =
        sc.parallelize(IntStream.range(0, shards).boxed().toList(), shards)
            .map(shard -> shard(shard, rows / shards, width, columns))
            .persist(StorageLevel.MEMORY_ONLY());
    JavaRDD<Shard> none =
        sc.parallelize(IntStream.range(0, shards).boxed().toList(), shards)
            .map(shard -> new Shard(List.<LabelledBlock>of().iterator()));
    samples.count();
    List<Double> l2 =
        IntStream.range(0, penalties)
            .mapToObj(i -> 0.01 * Math.pow(1.5, i - penalties / 2))
            .toList();
    TrainingOptions options =
        new TrainingOptions(1, 1, 1, Updater.SGD, 0, 1, ClassWeights.NONE, true, 1);
    List<TrainingPlan> plans = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      plans.add(
          new TrainingPlan(
              new HeadSpec.Ridge(),
              Rows.labels(CLASSES),
              Output.SOFTMAX,
              options,
              Averaging.of(shards, 1),
              new Grid(l2, List.of(), List.of(), 0),
              ""));
    }
    long begin = System.nanoTime();
    List<Training> trainings = SparkExactTrainer.train(sc, plans, samples, none);
    double solved = (System.nanoTime() - begin) / 1e9;
    Path file = Files.createTempFile("exact", ".bin");
    try (OutputStream out = Files.newOutputStream(file)) {
      trainings.get(0).parts().get(0).content().writeTo(out);
    }
    System.out.printf(
        Locale.ROOT,
        "%d x %d, %d penalties x %d columns: %.2f s; statistics %.1f MB; resident at most %s%n",
        rows,
        width,
        penalties,
        columns,
        solved,
        Files.size(file) / 1e6,
        peak());
    Files.delete(file);
    samples.unpersist(true);
  }

  private static String peak() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .findFirst()
        .orElse("?");
  }

  private static Shard shard(int shard, int rows, int width, int columns) {
    SplittableRandom random = new SplittableRandom(shard);
    List<LabelledBlock> blocks = new ArrayList<>();
    for (int from = 0; from < rows; from += 1024) {
      int n = Math.min(1024, rows - from);
      float[] x = new float[n * width];
      float[] y = new float[n * columns * CLASSES];
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        keys.add("%04d%010d".formatted(shard, from + i));
        for (int c = 0; c < columns; c++) {
          int label = random.nextInt(CLASSES);
          y[(i * columns + c) * CLASSES + label] = 1;
          x[i * width + (c * CLASSES + label) % width] = 1;
        }
        for (int j = 0; j < width; j++) {
          x[i * width + j] += (float) random.nextDouble();
        }
      }
      blocks.add(new LabelledBlock(keys, width, columns * CLASSES, x, y));
    }
    return new Shard(blocks.iterator());
  }
}
