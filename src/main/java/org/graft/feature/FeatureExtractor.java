package org.graft.feature;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.graft.backbone.Backbone;
import org.graft.common.Digest;
import org.graft.sample.Outcome;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Sample;

/**
 * Samples in, features out, in order. Reading and decoding happen on {@code decoders} while the
 * network works on the batch before; at most {@code 3 x batch} decoded inputs are in memory.
 */
public final class FeatureExtractor {
  /** Bytes to a network's input; the front end of the card. */
  @FunctionalInterface
  public interface FrontEnd {
    float[] tensor(byte[] content) throws RejectedException;
  }

  private final Backbone backbone;
  private final FrontEnd frontEnd;
  private final ExecutorService decoders;

  public FeatureExtractor(Backbone backbone, FrontEnd frontEnd, ExecutorService decoders) {
    this.backbone = backbone;
    this.frontEnd = frontEnd;
    this.decoders = decoders;
  }

  /** One outcome a sample, in the samples' order. */
  public Iterator<Outcome<FeatureVector>> extract(Iterator<Sample> samples) {
    return new Outcomes(samples);
  }

  private Outcome<Input> decode(Sample sample) {
    try {
      byte[] bytes = sample.content().read();
      String key = Digest.of(bytes);
      if (!sample.key().isEmpty() && !sample.key().equals(key)) {
        throw new RejectedException(
            Reason.CHANGED, "its bytes changed after it was indexed: index again");
      }
      return new Outcome.Ok<>(
          new Input(new Sample(key, sample.path(), null), frontEnd.tensor(bytes)));
    } catch (IOException e) {
      return rejected(sample, Reason.UNREADABLE, e.toString());
    } catch (RejectedException e) {
      return rejected(sample, e.reason(), e.getMessage());
    }
  }

  private static <T> Outcome<T> rejected(Sample sample, Reason reason, String detail) {
    return new Outcome.Rejected<>(new Rejection(sample.key(), sample.path(), reason, detail));
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Input(Sample sample, float[] tensor) {}

  private final class Outcomes implements Iterator<Outcome<FeatureVector>> {
    private final Iterator<Sample> samples;
    private final Queue<Future<Outcome<Input>>> decoding = new ArrayDeque<>();
    private final Queue<Outcome<FeatureVector>> ready = new ArrayDeque<>();

    Outcomes(Iterator<Sample> samples) {
      this.samples = samples;
    }

    @Override
    public boolean hasNext() {
      return !ready.isEmpty() || !decoding.isEmpty() || samples.hasNext();
    }

    @Override
    public Outcome<FeatureVector> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (ready.isEmpty()) {
        runBatch();
      }
      return ready.remove();
    }

    private void submitAhead() {
      while (decoding.size() < 2 * backbone.batch() && samples.hasNext()) {
        Sample sample = samples.next();
        decoding.add(decoders.submit(() -> decode(sample)));
      }
    }

    /** Gathers up to a batch of good inputs, runs it, and puts all outcomes in order. */
    private void runBatch() {
      List<Outcome<Input>> gathered = new ArrayList<>();
      List<float[]> inputs = new ArrayList<>();
      submitAhead();
      while (inputs.size() < backbone.batch() && !decoding.isEmpty()) {
        Outcome<Input> outcome = await(decoding.remove());
        gathered.add(outcome);
        if (outcome instanceof Outcome.Ok<Input> ok) {
          inputs.add(ok.value().tensor());
        }
        submitAhead();
      }
      Iterator<float[]> features =
          inputs.isEmpty()
              ? List.<float[]>of().iterator()
              : List.of(backbone.features(inputs.toArray(new float[0][]))).iterator();
      for (Outcome<Input> outcome : gathered) {
        if (outcome instanceof Outcome.Ok<Input> ok) {
          ready.add(checked(ok.value().sample(), features.next()));
        } else if (outcome instanceof Outcome.Rejected<Input> rejected) {
          ready.add(new Outcome.Rejected<>(rejected.rejection()));
        }
      }
    }

    private Outcome<FeatureVector> checked(Sample sample, float[] values) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          return rejected(sample, Reason.NOT_FINITE, "the network gives " + value);
        }
      }
      return new Outcome.Ok<>(new FeatureVector(sample.key(), sample.path(), values));
    }

    private <T> T await(Future<T> future) {
      try {
        return future.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        decoding.forEach(pending -> pending.cancel(true));
        throw new IllegalStateException("interrupted while decoding", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("decoding failed", e.getCause());
      }
    }
  }
}
