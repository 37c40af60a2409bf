package org.graft.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.graft.Graft;
import org.graft.backbone.Backbone;
import org.graft.bench.BenchRecord.What;
import org.graft.common.Checks;
import org.graft.common.Digest;
import org.graft.common.UserError;
import org.graft.image.ImagePreprocessor;
import org.graft.sample.SampleLimits;
import org.graft.sample.SampleSource;
import org.graft.sample.Splitter;
import org.graft.spark.BackboneChoice;
import org.graft.spark.ExtractOptions;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.IndexOptions;
import org.graft.spark.Progress;

/**
 * The real extraction on the Spark of this process: picture files are read, decoded, sent through
 * the network, and their features written as Parquet. It is compared with what its two great parts
 * do alone on as many threads, in turns: {@code 1 / (1 / decode + 1 / network)}. Indexing and
 * loading the network are not timed; Spark's scheduling and the commit are.
 */
final class EndToEndBench implements AutoCloseable {
  /** How long one extraction should take, in turns of the others. */
  private static final double TURNS = 12;

  /** Pictures a task, at least. */
  private static final int FEWEST = 16;

  private static final long MOST_BYTES = 64L << 20;
  private static final int TASKS_A_CORE = 2;
  private static final int READERS = 4; // a job's default

  private final Rounds rounds;
  private final Peak peak;
  private final Path folder;
  private final Graft graft;
  private final int cores;
  private int sources;

  EndToEndBench(Rounds rounds, Peak peak, SparkSession spark, PrintStream err) throws IOException {
    this.rounds = rounds;
    this.peak = peak;
    this.cores = spark.sparkContext().defaultParallelism();
    if (!spark.sparkContext().isLocal()) {
      throw new UserError(
          "Cannot bench on %s: it measures this machine. Give --master local[N], or leave it out."
              .formatted(spark.sparkContext().master()));
    }
    this.folder = Files.createTempDirectory("graft-bench-");
    this.graft =
        new Graft(spark, folder.resolve("workspace").toString(), "bench", new Progress(err, false));
  }

  BenchRecord run(
      BenchBackbone network, BenchEngine engine, String precision, int batch, List<byte[]> pictures)
      throws IOException {
    try (Backbone alone = network.load(engine, precision, batch)) {
      float[][] inputs = network.batch(batch);
      ImagePreprocessor preprocessor = BenchBackbone.preprocessor(network.card());
      AtomicInteger next = new AtomicInteger();
      String name = "%s %s %s batch %d".formatted(network.name(), engine.id(), precision, batch);
      Contender decode =
          new Contender(
              "decode for " + name,
              cores,
              1,
              () ->
                  BenchBackbone.tensor(
                      preprocessor,
                      pictures.get(Math.floorMod(next.getAndIncrement(), pictures.size()))));
      Contender compute =
          new Contender("alone " + name, cores, batch, () -> alone.features(inputs));
      BackboneChoice choice = network.choice(engine, precision, batch);
      int samples = samples(decode, compute);
      extraction(choice, pictures, whole(FEWEST * tasks(), batch)).run(); // loads the network
      Extraction whole = extraction(choice, pictures, samples);
      Contender contender = new Contender("end to end " + name, 1, samples, whole::run);
      Map<Contender, List<Timing>> timings = rounds.run(List.of(decode, compute, contender));
      return record(
          network,
          engine,
          precision,
          batch,
          Rate.median(timings.get(decode)).after(Rate.median(timings.get(compute))),
          timings.get(contender));
    }
  }

  /**
   * As many as the parts' own rates promise to do in the time, in whole batches a task. By
   * processor time, so that a busy machine does not make Spark's own cost weigh more.
   */
  private int samples(Contender decode, Contender compute) {
    Rate both = rounds.turn(decode).rate().after(rounds.turn(compute).rate());
    double wanted = both.perCpuSecond() * cores * rounds.seconds() * TURNS;
    return whole((int) Math.max(wanted, FEWEST * tasks()), compute.samples());
  }

  /** The next number that is a multiple of a batch for every task. */
  private int whole(int samples, int batch) {
    return ((samples - 1) / (tasks() * batch) + 1) * tasks() * batch;
  }

  private int tasks() {
    return TASKS_A_CORE * cores;
  }

  /** Some indexed pictures to be extracted, again and again. */
  private record Extraction(
      Graft graft,
      Index index,
      SampleSource source,
      BackboneChoice choice,
      ExtractOptions options,
      int samples) {
    void run() throws IOException {
      Features features = graft.extract("extract", index, source, choice, options);
      Checks.state(
          features.extracted() == samples,
          "%d of %d pictures were extracted",
          features.extracted(),
          samples);
      graft.storage().delete(features.store().folder()); // or the next one has nothing to do
    }
  }

  /**
   * Tasks of equal size and of full batches, as those of a large extraction nearly are: pictures go
   * to tasks by their keys, so some that would make a task larger are passed over.
   */
  private Extraction extraction(BackboneChoice choice, List<byte[]> pictures, int samples)
      throws IOException {
    Path all = Files.createDirectories(folder.resolve("pictures-" + sources++).resolve("all"));
    int[] room = new int[tasks()];
    Arrays.fill(room, samples / room.length);
    for (int number = 0, written = 0; written < samples; number++) {
      byte[] picture = BenchPictures.numbered(pictures.get(number % pictures.size()), number);
      int task = task(Digest.of(picture), room.length);
      if (room[task] > 0) {
        room[task]--;
        written++;
        Files.write(all.resolve("%07d.jpg".formatted(number)), picture);
      }
    }
    SampleSource source = new SampleSource.Folder(all.getParent().toString());
    Index index =
        graft.index(new IndexOptions(source, false, List.of(), new Splitter(1, 0, 0), MOST_BYTES));
    ExtractOptions options =
        new ExtractOptions(tasks(), READERS, new SampleLimits(BenchBackbone.MAX_PIXELS, 1));
    return new Extraction(graft, index, source, choice, options, samples);
  }

  /** As an extraction deals samples out: by the leading 32 bits of the key. */
  private static int task(String key, int tasks) {
    return (int) ((Long.parseLong(key.substring(0, 8), 16) * tasks) >>> 32);
  }

  /**
   * @param bound what decoding and computing alone would give together
   */
  private BenchRecord record(
      BenchBackbone network,
      BenchEngine engine,
      String precision,
      int batch,
      Rate bound,
      List<Timing> timings) {
    Rate rate = Rate.median(timings);
    Map<String, Object> more = new TreeMap<>();
    more.put("ratio", rate.perSecond() / bound.perSecond());
    more.put("cpuRatio", rate.perCpuSecond() / bound.perCpuSecond());
    more.put("pictures", timings.get(0).samples());
    more.put("rounds", timings.size());
    return new BenchRecord(
        What.END_TO_END,
        network.name(),
        engine.id(),
        precision,
        batch,
        cores,
        rate.perSecond(),
        rate.perCpuSecond(),
        peak.percent(precision, rate.perCpuSecond() * network.operations()),
        more);
  }

  /** Removes all that was written. */
  @Override
  public void close() throws IOException {
    graft.storage().delete(folder.toString());
  }
}
