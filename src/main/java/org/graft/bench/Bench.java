package org.graft.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.graft.audio.AudioPreparation;
import org.graft.bench.BenchRecord.What;
import org.graft.common.UserError;
import org.graft.sample.RejectedException;

/** The front door: measures what a plan says, part by part. */
public final class Bench {
  private static final int PICTURES = 16;
  private static final int TEXTS = 256;
  private static final int END_TO_END_ROUNDS = 2;

  private final BenchPlan plan;
  private final PrintStream err;
  private final Consumer<BenchRecord> told;
  private final List<byte[]> pictures;
  private Peak peak = Peak.UNKNOWN;
  private int part;

  /**
   * @param err where progress goes
   * @param told of every record as soon as it is there
   */
  public Bench(BenchPlan plan, PrintStream err, Consumer<BenchRecord> told) throws IOException {
    plan.check();
    this.plan = plan;
    this.err = err;
    this.told = told;
    this.pictures =
        plan.pictures() == null
            ? BenchPictures.generated(plan.seesPictures() ? PICTURES : 0)
            : BenchPictures.in(plan.pictures());
  }

  /**
   * Runs all parts.
   *
   * @param spark opened for the last part only, and closed by the caller
   */
  public void run(Supplier<SparkSession> spark) throws IOException {
    if (plan.has(What.GEMM)) {
      List<BenchRecord> records = new GemmBench(rounds("gemm", plan.rounds())).run();
      peak = GemmBench.peak(records);
      records.forEach(told);
    }
    if (plan.has(What.DECODE)) {
      String first = plan.backbones().get(0);
      new DecodeBench(rounds("decode", plan.rounds()), plan.threads())
          .run(first, BenchCards.card(first), pictures)
          .forEach(told);
    }
    try {
      readers();
    } catch (RejectedException e) {
      throw new UserError(
          "Cannot bench with these texts or sounds: %s. Give others.".formatted(e.getMessage()), e);
    }
    for (String name : plan.backbones()) {
      boolean whole = plan.has(What.END_TO_END) && name.equals(plan.backbones().get(0));
      if (plan.has(What.NETWORK) || whole) {
        network(name, whole ? spark : null);
      }
    }
  }

  private void readers() throws IOException, RejectedException {
    if (plan.has(What.TEXT)) {
      texts();
    }
    if (plan.has(What.AUDIO)) {
      sounds();
    }
  }

  private void texts() throws IOException, RejectedException {
    List<String> texts =
        plan.texts() == null ? BenchTexts.made(TEXTS) : BenchTexts.in(plan.texts(), TEXTS);
    for (String name : plan.textBackbones()) {
      say("%s: preparing its weights", name);
      new TextBench(rounds(name, plan.rounds()), plan, texts)
          .run(name, BenchCards.choice(name, err))
          .forEach(told);
    }
  }

  private void sounds() throws IOException, RejectedException {
    Map<String, AudioPreparation> backbones = new LinkedHashMap<>();
    plan.audioBackbones().forEach(name -> backbones.put(name, BenchCards.card(name).audio()));
    Map<String, List<byte[]>> files =
        plan.sounds() == null ? Map.of() : BenchSounds.in(plan.sounds());
    new AudioBench(rounds("audio", plan.rounds()), plan.threads())
        .run(backbones, files)
        .forEach(told);
  }

  private void network(String name, Supplier<SparkSession> spark) throws IOException {
    say("%s: preparing its weights", name);
    try (BenchBackbone network = BenchBackbone.of(name, plan.weights(), pictures)) {
      if (plan.has(What.NETWORK)) {
        new NetworkBench(rounds(name, plan.rounds()), plan, peak).run(network).forEach(told);
      }
      if (spark != null) {
        endToEnd(network, spark.get());
      }
    }
  }

  /** By the fastest of the engines, in each of its precisions. */
  private void endToEnd(BenchBackbone network, SparkSession spark) throws IOException {
    BenchEngine fastest = fastest();
    int most = Math.min(plan.rounds(), END_TO_END_ROUNDS);
    try (EndToEndBench bench = new EndToEndBench(rounds("end to end", most), peak, spark, err)) {
      for (String precision : plan.precisions()) {
        if (fastest.computes(precision)) {
          told.accept(bench.run(network, fastest, precision, plan.batches().get(0), pictures));
        }
      }
    }
  }

  /** They are declared from the slowest on. */
  private BenchEngine fastest() {
    List<BenchEngine> engines =
        new ArrayList<>(plan.engines().stream().map(BenchEngine::of).toList());
    engines.sort(null);
    return engines.get(engines.size() - 1);
  }

  private Rounds rounds(String name, int count) {
    part++;
    int now = part;
    return new Rounds(
        count,
        plan.seconds(),
        (contender, round, timing, left) ->
            say(
                "part %d of %d, %s: %-36s x%d %s %9.1f/s, %9.1f/cpu-s; %s left",
                now,
                parts(),
                name,
                contender.name(),
                contender.threads(),
                round == 0 ? "warm-up     " : "round %d of %d".formatted(round, count),
                timing.rate().perSecond(),
                timing.rate().perCpuSecond(),
                clock(left)));
  }

  private int parts() {
    int networks = plan.has(What.NETWORK) ? plan.backbones().size() - 1 : 0;
    int readers = plan.has(What.TEXT) ? plan.textBackbones().size() - 1 : 0;
    return plan.what().size() + networks + readers;
  }

  private static String clock(double seconds) {
    long s = Math.round(seconds);
    return "%d:%02d".formatted(s / 60, s % 60);
  }

  private void say(String format, Object... values) {
    err.println("bench: " + String.format(Locale.ROOT, format, values));
  }
}
