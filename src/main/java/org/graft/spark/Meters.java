package org.graft.spark;

import com.codahale.metrics.Clock;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.graft.feature.BatchReport;
import org.graft.sample.Rejection.Reason;

/**
 * What is counted while samples are read, of one executor or of all, under the names that Spark's
 * metrics have. A task that is run again counts again: this is work done, not rows kept.
 */
final class Meters {
  private static final double NANOS = 1e9;

  private final Clock clock;
  private final Meter indexed = new Meter();
  private final Meter samples = new Meter();
  private final Meter batches = new Meter();
  private final Map<Reason, Meter> rejected = new EnumMap<>(Reason.class);
  private final LongAdder waitNanos = new LongAdder();
  private final LongAdder decodeNanos = new LongAdder();
  private final LongAdder networkNanos = new LongAdder();
  private final LongAdder cardNanos = new LongAdder();
  private final Map<Integer, Meter> cards = new ConcurrentHashMap<>();
  private final Timer batch = new Timer();

  Meters() {
    this(Clock.defaultClock());
  }

  /**
   * @param clock of the cards' shares
   */
  Meters(Clock clock) {
    this.clock = clock;
    for (Reason reason : Reason.values()) {
      rejected.put(reason, new Meter());
    }
  }

  /** A sample was read and has its key. */
  void indexed() {
    indexed.mark();
  }

  /** A sample was refused before it had anything to do with a network. */
  void rejected(Reason reason) {
    rejected.get(reason).mark();
  }

  void extracted(BatchReport report) {
    batch.update(report.nanos(), TimeUnit.NANOSECONDS);
    batches.mark();
    samples.mark(report.samples());
    report.rejected().forEach((reason, count) -> rejected.get(reason).mark(count));
    waitNanos.add(report.waitNanos());
    decodeNanos.add(report.decodeNanos());
    networkNanos.add(report.networkNanos());
  }

  /**
   * A card had work for so long.
   *
   * @param ordinal of the card in this process
   */
  void onCard(int ordinal, long nanos) {
    busy(ordinal).mark(nanos);
    cardNanos.add(nanos);
  }

  private Meter busy(int ordinal) {
    return cards.computeIfAbsent(ordinal, first -> new Meter(clock));
  }

  /** All that only grows, by name. */
  Counts counts() {
    Map<String, Long> counts = new TreeMap<>();
    meters().forEach((name, meter) -> counts.put(name, meter.getCount()));
    nanos().forEach((name, sum) -> counts.put(name, sum.sum()));
    return new Counts(counts);
  }

  /** What another one has counted. */
  void add(Counts more) {
    meters().forEach((name, meter) -> meter.mark(more.of(name)));
    nanos().forEach((name, sum) -> sum.add(more.of(name)));
  }

  private Map<String, Meter> meters() {
    Map<String, Meter> meters = new TreeMap<>();
    meters.put("indexed", indexed);
    meters.put("samples", samples);
    meters.put("batches", batches);
    rejected.forEach((reason, meter) -> meters.put("rejected." + reason, meter));
    return meters;
  }

  private Map<String, LongAdder> nanos() {
    return Map.of(
        "seconds.wait",
        waitNanos,
        "seconds.decode",
        decodeNanos,
        "seconds.network",
        networkNanos,
        "seconds.gpu",
        cardNanos);
  }

  /**
   * Shows all of it.
   *
   * @param prefix of the names
   */
  void register(MetricRegistry registry, String prefix) {
    meters().forEach((name, meter) -> registry.register(prefix + name, meter));
    nanos()
        .forEach(
            (name, sum) ->
                registry.register(prefix + name, (Gauge<Double>) () -> sum.sum() / NANOS));
  }

  /**
   * The share of the last minute that a card had work.
   *
   * @param ordinal of the card in this process
   * @param address as Spark names it
   */
  void registerCard(MetricRegistry registry, int ordinal, String address) {
    Meter busy = busy(ordinal);
    registry.register(
        "gpu." + address + ".busy", (Gauge<Double>) () -> busy.getOneMinuteRate() / NANOS);
  }

  /** The latencies of batches, which cannot be added up over executors. */
  void registerLatency(MetricRegistry registry) {
    registry.register("batch", batch);
  }
}
