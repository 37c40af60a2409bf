package org.graft.feature;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.graft.backbone.Backbone;
import org.graft.common.Digest;
import org.graft.sample.Outcome;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Sample;

/**
 * Samples in, features out, in order. A worker takes a batch, decodes it and sends it through the
 * network: so exactly as many threads compute as there are processors, whether decoding or the
 * network is the slower. Reading, which only waits, runs ahead on threads of its own.
 *
 * <p>In memory at once: a batch of decoded inputs, of files and one decoded picture a worker, and
 * the files of two batches more, as long as those are below 64 MiB together.
 */
public final class FeatureExtractor {
  /** Bytes to a network's input; the front end of the card. */
  @FunctionalInterface
  public interface FrontEnd {
    float[] tensor(byte[] content) throws RejectedException;
  }

  private final Backbone backbone;
  private final FrontEnd frontEnd;
  private final ExtractionThreads threads;

  public FeatureExtractor(Backbone backbone, FrontEnd frontEnd, ExtractionThreads threads) {
    this.backbone = backbone;
    this.frontEnd = frontEnd;
    this.threads = threads;
  }

  /** One outcome a sample, in the samples' order. */
  public Iterator<Outcome<FeatureVector>> extract(Iterator<Sample> samples) {
    return new Outcomes(samples);
  }

  private Outcome<Input> input(ReadAhead.Reading reading) {
    Outcome<byte[]> bytes = reading.take();
    return bytes instanceof Outcome.Ok<byte[]> ok
        ? decode(reading.sample(), ok.value())
        : new Outcome.Rejected<>(((Outcome.Rejected<byte[]>) bytes).rejection());
  }

  private Outcome<Input> decode(Sample sample, byte[] bytes) {
    try {
      String key = Digest.of(bytes);
      if (!sample.key().isEmpty() && !sample.key().equals(key)) {
        throw new RejectedException(
            Reason.CHANGED, "its bytes changed after it was indexed: index again");
      }
      return new Outcome.Ok<>(
          new Input(new Sample(key, sample.path(), null), frontEnd.tensor(bytes)));
    } catch (RejectedException e) {
      return rejected(sample, e.reason(), e.getMessage());
    } catch (RuntimeException e) {
      throw new IllegalStateException("cannot decode " + sample.path() + ": " + e, e);
    }
  }

  /** Of a batch, rejected samples among it, in order. */
  private List<Outcome<FeatureVector>> features(List<Outcome<Input>> batch) {
    float[][] inputs =
        batch.stream()
            .filter(Outcome.Ok.class::isInstance)
            .map(outcome -> ((Outcome.Ok<Input>) outcome).value().tensor())
            .toArray(float[][]::new);
    float[][] features = inputs.length == 0 ? inputs : backbone.features(inputs);
    List<Outcome<FeatureVector>> outcomes = new ArrayList<>();
    int next = 0;
    for (Outcome<Input> outcome : batch) {
      if (outcome instanceof Outcome.Ok<Input> ok) {
        outcomes.add(checked(ok.value().sample(), features[next++]));
      } else if (outcome instanceof Outcome.Rejected<Input> no) {
        outcomes.add(new Outcome.Rejected<>(no.rejection()));
      }
    }
    return outcomes;
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

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Input(Sample sample, float[] tensor) {}

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
        running.add(
            threads
                .workers()
                .submit(() -> features(batch.stream().map(FeatureExtractor.this::input).toList())));
      }
    }
  }
}
