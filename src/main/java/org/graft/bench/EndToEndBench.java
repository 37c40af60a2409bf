package org.graft.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.graft.Graft;
import org.graft.backbone.Backbone;
import org.graft.bench.BenchRecord.What;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.image.ImagePreprocessor;
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

  /** Enough for every core to have loaded, compiled and written something. */
  private static final int FEWEST = 64;

  private static final long MOST_BYTES = 64L << 20;
  private static final ExtractOptions OPTIONS = new ExtractOptions(0, 1, BenchBackbone.MAX_PIXELS);

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
      extraction(choice, pictures, FEWEST).run(); // loads the network
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

  /** As many as the parts' own rates promise to do in the time. */
  private int samples(Contender decode, Contender compute) {
    Rate both = rounds.turn(decode).rate().after(rounds.turn(compute).rate());
    return Math.max(FEWEST, (int) (both.perSecond() * rounds.seconds() * TURNS));
  }

  /** Some indexed pictures to be extracted, again and again. */
  private record Extraction(
      Graft graft, Index index, SampleSource source, BackboneChoice choice, int samples) {
    void run() throws IOException {
      Features features = graft.extract("extract", index, source, choice, OPTIONS);
      Checks.state(
          features.extracted() == samples,
          "%d of %d pictures were extracted",
          features.extracted(),
          samples);
      graft.storage().delete(features.store().folder()); // or the next one has nothing to do
    }
  }

  private Extraction extraction(BackboneChoice choice, List<byte[]> pictures, int samples)
      throws IOException {
    Path all = Files.createDirectories(folder.resolve("pictures-" + sources++).resolve("all"));
    for (int i = 0; i < samples; i++) {
      byte[] picture = BenchPictures.numbered(pictures.get(i % pictures.size()), i);
      Files.write(all.resolve("%07d.jpg".formatted(i)), picture);
    }
    SampleSource source = new SampleSource.Folder(all.getParent().toString());
    Index index =
        graft.index(new IndexOptions(source, false, List.of(), new Splitter(1, 0, 0), MOST_BYTES));
    return new Extraction(graft, index, source, choice, samples);
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
