package org.graft.feature;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.graft.backbone.Backbone;
import org.graft.common.Digest;
import org.graft.sample.Outcome;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Sample;
import org.graft.sample.WindowPooling;
import org.graft.sample.Windows;

/**
 * Samples in, features out, in order. A worker takes a batch, decodes it and sends it through the
 * network: so exactly as many threads compute as there are processors, whether decoding or the
 * network is the slower. Reading, which only waits, runs ahead on threads of its own.
 *
 * <p>A sample may be several windows: they go through the network side by side with those of its
 * neighbours, and their features become one vector in their order.
 *
 * <p>In memory at once: a batch of decoded inputs, of files and one decoded picture a worker, and
 * the files of two batches more, as long as those are below 64 MiB together.
 */
public final class FeatureExtractor {
  /** Bytes to a network's inputs; the front end of the card. */
  @FunctionalInterface
  public interface FrontEnd {
    /** The sample's input, or the first one of several. */
    float[] tensor(byte[] content) throws RejectedException;

    /** All inputs that the sample becomes. */
    default Windows windows(byte[] content) throws RejectedException {
      return Windows.of(tensor(content));
    }

    /** How their features become one vector. */
    default WindowPooling pooling() {
      return WindowPooling.MEAN;
    }
  }

  private final Backbone backbone;
  private final FrontEnd frontEnd;
  private final ExtractionThreads threads;
  private final Consumer<BatchReport> watcher;

  public FeatureExtractor(Backbone backbone, FrontEnd frontEnd, ExtractionThreads threads) {
    this(backbone, frontEnd, threads, report -> {});
  }

  /**
   * @param watcher told of each batch that ends well, by any thread
   */
  public FeatureExtractor(
      Backbone backbone,
      FrontEnd frontEnd,
      ExtractionThreads threads,
      Consumer<BatchReport> watcher) {
    this.backbone = backbone;
    this.frontEnd = frontEnd;
    this.threads = threads;
    this.watcher = watcher;
  }

  /** One outcome a sample, in the samples' order. */
  public Iterator<Outcome<FeatureVector>> extract(Iterator<Sample> samples) {
    return new Outcomes(samples);
  }

  /** Of a batch, rejected samples among it, in order. */
  private List<Outcome<FeatureVector>> features(List<ReadAhead.Reading> batch) {
    BatchClock clock = new BatchClock();
    WindowBatch windows = new WindowBatch(backbone, clock);
    List<Outcome<Sum>> sums =
        batch.stream()
            .map(reading -> sum(reading.sample(), clock.waiting(reading::take), windows))
            .toList();
    windows.flush();
    List<Outcome<FeatureVector>> outcomes = sums.stream().map(FeatureExtractor::vector).toList();
    watcher.accept(clock.report(outcomes));
    return outcomes;
  }

  private Outcome<Sum> sum(Sample sample, Outcome<byte[]> bytes, WindowBatch windows) {
    if (bytes instanceof Outcome.Rejected<byte[]> no) {
      return new Outcome.Rejected<>(no.rejection());
    }
    byte[] content = ((Outcome.Ok<byte[]>) bytes).value();
    String key = Digest.of(content);
    if (!sample.key().isEmpty() && !sample.key().equals(key)) {
      return rejected(
          sample, Reason.CHANGED, "its bytes changed after it was indexed: index again");
    }
    WindowSum sum = new WindowSum(frontEnd.pooling());
    try {
      Windows inputs = decoded(sample, () -> frontEnd.windows(content));
      for (float[] input = decoded(sample, inputs::next);
          input != null;
          input = decoded(sample, inputs::next)) {
        windows.add(input, sum);
      }
      return new Outcome.Ok<>(new Sum(new Sample(key, sample.path(), null), sum));
    } catch (RejectedException e) {
      return rejected(sample, e.reason(), e.getMessage());
    }
  }

  /** What a front end gives; its own faults are told from those of the network. */
  private interface Decoding<T> {
    T get() throws RejectedException;
  }

  private static <T> T decoded(Sample sample, Decoding<T> decoding) throws RejectedException {
    try {
      return decoding.get();
    } catch (RuntimeException e) {
      throw new IllegalStateException("cannot decode " + sample.path() + ": " + e, e);
    }
  }

  private static Outcome<FeatureVector> vector(Outcome<Sum> outcome) {
    return outcome instanceof Outcome.Ok<Sum> ok
        ? checked(ok.value().sample(), ok.value().windows().vector())
        : new Outcome.Rejected<>(((Outcome.Rejected<Sum>) outcome).rejection());
  }

  private static Outcome<FeatureVector> checked(Sample sample, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return rejected(sample, Reason.NOT_FINITE, "the network gives " + value);
      }
    }
    return new Outcome.Ok<>(new FeatureVector(sample.key(), sample.path(), values));
  }

  private static <T> Outcome<T> rejected(Sample sample, Reason reason, String detail) {
    return new Outcome.Rejected<>(new Rejection(sample.key(), sample.path(), reason, detail));
  }

  private record Sum(Sample sample, WindowSum windows) {}

  static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while extracting", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IllegalStateException("extraction failed", e.getCause());
    }
  }

  private final class Outcomes implements Iterator<Outcome<FeatureVector>> {
    private final ReadAhead reading;
    private final Queue<Future<List<Outcome<FeatureVector>>>> running = new ArrayDeque<>();
    private final Queue<Outcome<FeatureVector>> ready = new ArrayDeque<>();

    Outcomes(Iterator<Sample> samples) {
      this.reading = new ReadAhead(samples, threads.readers(), 2 * backbone.batch());
    }

    @Override
    public boolean hasNext() {
      return !ready.isEmpty() || !running.isEmpty() || reading.hasNext();
    }

    @Override
    public Outcome<FeatureVector> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (ready.isEmpty()) {
        startBatches();
        ready.addAll(await(running.remove()));
        startBatches(); // so that the workers have work while the caller uses what is ready
      }
      return ready.remove();
    }

    private void startBatches() {
      while (running.size() < threads.processors() && reading.hasNext()) {
        List<ReadAhead.Reading> batch = reading.next(backbone.batch());
        running.add(threads.workers().submit(() -> features(batch)));
      }
    }
  }
}
