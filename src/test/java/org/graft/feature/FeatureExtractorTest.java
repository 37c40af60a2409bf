package org.graft.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.graft.backbone.Backbone;
import org.graft.common.Digest;
import org.graft.feature.FeatureExtractor.FrontEnd;
import org.graft.sample.Outcome;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Sample;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FeatureExtractorTest {
  private static final int BATCH = 4;

  /** A text that is a number becomes an input of that number; others are damaged pictures. */
  private static final FrontEnd NUMBERS =
      content -> {
        try {
          return new float[] {Float.parseFloat(new String(content, StandardCharsets.UTF_8))};
        } catch (NumberFormatException e) {
          throw new RejectedException(Reason.CORRUPT, "it is no number", e);
        }
      };

  private final ExtractionThreads threads = new ExtractionThreads(3, 1);

  @AfterEach
  void stop() {
    threads.close();
  }

  /** Tells what went through it; the network is a function of whole batches. */
  private record Fake(UnaryOperator<float[][]> network, List<Integer> batches) implements Backbone {
    Fake(UnaryOperator<float[][]> network) {
      this(network, new ArrayList<>());
    }

    @Override
    public int width() {
      return 1;
    }

    @Override
    public int inputLength() {
      return 1;
    }

    @Override
    public int batch() {
      return BATCH;
    }

    @Override
    public float[][] features(float[][] inputs) {
      batches.add(inputs.length);
      return network.apply(inputs);
    }

    @Override
    public void close() {}
  }

  private static Sample sample(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Sample.of(Digest.of(bytes), "file-" + text, bytes);
  }

  private static Iterator<Sample> numbers(int n) {
    return IntStream.range(0, n).mapToObj(i -> sample(String.valueOf(i))).iterator();
  }

  private List<Outcome<FeatureVector>> extract(Backbone backbone, Iterator<Sample> samples) {
    List<Outcome<FeatureVector>> outcomes = new ArrayList<>();
    new FeatureExtractor(backbone, NUMBERS, threads)
        .extract(samples)
        .forEachRemaining(outcomes::add);
    return outcomes;
  }

  @Test
  void aBatchTellsWhatBecameOfItAndWhereItsTimeWent() {
    AtomicLong decoding = new AtomicLong();
    AtomicLong computing = new AtomicLong();
    Fake fake = new Fake(inputs -> timed(computing, () -> inputs));
    FrontEnd slow =
        content -> {
          float[] input = timed(decoding, () -> new float[1]);
          return NUMBERS.tensor(content)[0] < 0 ? input : NUMBERS.tensor(content);
        };
    List<BatchReport> reports = Collections.synchronizedList(new ArrayList<>());
    Iterator<Sample> samples =
        Stream.of("1", "x", "3", "4", "5", "y").map(FeatureExtractorTest::sample).iterator();
    long begin = System.nanoTime();
    new FeatureExtractor(fake, slow, threads, reports::add)
        .extract(samples)
        .forEachRemaining(outcome -> {});
    long whole = System.nanoTime() - begin;
    assertEquals(List.of(4, 2), reports.stream().map(BatchReport::samples).toList());
    for (BatchReport report : reports) {
      assertEquals(Map.of(Reason.CORRUPT, 1), report.rejected());
      assertTrue(report.waitNanos() >= 0, report::toString);
    }
    assertTrue(sum(reports, BatchReport::networkNanos) >= computing.get(), reports::toString);
    assertTrue(sum(reports, BatchReport::decodeNanos) >= decoding.get(), reports::toString);
    assertTrue(sum(reports, BatchReport::nanos) <= whole, reports::toString);
  }

  private static long sum(List<BatchReport> reports, ToLongFunction<BatchReport> part) {
    return reports.stream().mapToLong(part).sum();
  }

  /** Takes a millisecond, and adds up how long it really took. */
  private static <T> T timed(AtomicLong sum, Supplier<T> result) {
    long from = System.nanoTime();
    while (System.nanoTime() - from < 1_000_000) {
      Thread.onSpinWait();
    }
    sum.addAndGet(System.nanoTime() - from);
    return result.get();
  }

  private static FeatureVector value(Outcome<FeatureVector> outcome) {
    return assertInstanceOf(Outcome.Ok.class, outcome).value() instanceof FeatureVector vector
        ? vector
        : null;
  }

  private static Rejection rejection(Outcome<FeatureVector> outcome) {
    return assertInstanceOf(Outcome.Rejected.class, outcome).rejection();
  }

  @Test
  void keepsTheOrderWithRejectedSamplesInTheirPlaces() {
    Fake fake = new Fake(inputs -> inputs);
    List<String> texts =
        List.of("x", "1", "2", "y", "z", "3", "4", "5", "6", "u", "7", "8", "9", "v");
    var outcomes = extract(fake, texts.stream().map(FeatureExtractorTest::sample).iterator());
    assertEquals(texts.size(), outcomes.size());
    for (int i = 0; i < texts.size(); i++) {
      if (Character.isDigit(texts.get(i).charAt(0))) {
        FeatureVector vector = value(outcomes.get(i));
        assertEquals("file-" + texts.get(i), vector.path());
        assertEquals(sample(texts.get(i)).key(), vector.key());
        assertArrayEquals(new float[] {Float.parseFloat(texts.get(i))}, vector.values());
      } else {
        Sample bad = sample(texts.get(i));
        assertEquals(
            new Rejection(bad.key(), bad.path(), Reason.CORRUPT, "it is no number"),
            rejection(outcomes.get(i)));
      }
    }
    assertEquals(List.of(2, 3, 3, 1), fake.batches()); // batches are cut before rejection
  }

  @Test
  void endsWithSamplesOfAnyNumber() {
    for (int n : new int[] {0, 1, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH, 29}) {
      Fake fake = new Fake(inputs -> inputs);
      assertEquals(n, extract(fake, numbers(n)).size());
      assertEquals(n, fake.batches().stream().mapToInt(Integer::intValue).sum());
    }
    Fake idle = new Fake(inputs -> inputs);
    assertEquals(
        2, extract(idle, List.of(sample("a"), sample("b")).iterator()).size()); // nothing good
    assertEquals(List.of(), idle.batches());
    var none = new FeatureExtractor(idle, NUMBERS, threads).extract(List.<Sample>of().iterator());
    assertFalse(none.hasNext());
    assertThrows(NoSuchElementException.class, none::next);
  }

  @Test
  void rejectsFeaturesThatAreNotNumbers() {
    Fake fake =
        new Fake(
            inputs -> {
              float[][] features = new float[inputs.length][];
              for (int i = 0; i < inputs.length; i++) {
                float x = inputs[i][0];
                features[i] = new float[] {x == 1 ? Float.NaN : x == 2 ? 1 / 0f : x};
              }
              return features;
            });
    var outcomes = extract(fake, numbers(4));
    assertEquals(Reason.NOT_FINITE, rejection(outcomes.get(1)).reason());
    assertEquals("the network gives NaN", rejection(outcomes.get(1)).detail());
    assertEquals("file-2", rejection(outcomes.get(2)).path());
    assertEquals("the network gives Infinity", rejection(outcomes.get(2)).detail());
    assertArrayEquals(new float[] {3}, value(outcomes.get(3)).values());
  }

  @Test
  void rejectsBytesThatAreNoLongerThoseIndexedAndFilesThatCannotBeRead() {
    Sample changed = Sample.of(sample("1").key(), "changed", "2".getBytes(StandardCharsets.UTF_8));
    Sample unread =
        new Sample(
            "k",
            "gone",
            () -> {
              throw new IOException("no such file");
            });
    Sample unknown = Sample.of("", "new", "7".getBytes(StandardCharsets.UTF_8));
    var outcomes =
        extract(new Fake(inputs -> inputs), List.of(changed, unread, unknown).iterator());
    assertEquals(Reason.CHANGED, rejection(outcomes.get(0)).reason());
    assertEquals(changed.key(), rejection(outcomes.get(0)).key());
    assertEquals(Reason.UNREADABLE, rejection(outcomes.get(1)).reason());
    assertTrue(rejection(outcomes.get(1)).detail().contains("no such file"));
    assertEquals(sample("7").key(), value(outcomes.get(2)).key()); // it gets its own
  }

  @Test
  void decodesOneBatchAProcessorAndReadsTwoAhead() {
    AtomicInteger read = new AtomicInteger();
    AtomicInteger decoded = new AtomicInteger();
    AtomicInteger finished = new AtomicInteger();
    AtomicInteger mostRead = new AtomicInteger();
    AtomicInteger mostDecoded = new AtomicInteger();
    FrontEnd counting =
        content -> {
          mostDecoded.accumulateAndGet(decoded.incrementAndGet() - finished.get(), Math::max);
          return NUMBERS.tensor(content);
        };
    Fake fake =
        new Fake(
            inputs -> {
              mostRead.accumulateAndGet(read.get() - finished.get(), Math::max);
              finished.addAndGet(inputs.length);
              return inputs;
            });
    Iterator<Sample> counted =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    new Sample(
                        "",
                        "",
                        () -> {
                          read.incrementAndGet();
                          return String.valueOf(i).getBytes(StandardCharsets.UTF_8);
                        }))
            .iterator();
    List<Outcome<FeatureVector>> outcomes = new ArrayList<>();
    new FeatureExtractor(fake, counting, threads).extract(counted).forEachRemaining(outcomes::add);
    assertEquals(100, outcomes.size());
    assertEquals(BATCH, mostDecoded.get());
    assertTrue(mostRead.get() <= 3 * BATCH, "read " + mostRead);
    assertTrue(mostRead.get() > BATCH, "nothing was read ahead: " + mostRead);
  }

  @Test
  void stopsReadingAheadWhereFilesAreLarge() {
    byte[] large = new byte[(int) ReadAhead.MOST_BYTES / 2];
    AtomicInteger read = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger finished = new AtomicInteger();
    Fake fake =
        new Fake(
            inputs -> {
              most.accumulateAndGet(read.get() - finished.get(), Math::max);
              finished.addAndGet(inputs.length);
              return inputs;
            });
    Iterator<Sample> samples =
        IntStream.range(0, 6 * BATCH)
            .mapToObj(
                i ->
                    new Sample(
                        "",
                        "",
                        () -> {
                          read.incrementAndGet();
                          return large;
                        }))
            .iterator();
    try (ExtractionThreads oneReader = new ExtractionThreads(1, 1)) {
      var outcomes =
          new FeatureExtractor(fake, content -> new float[1], oneReader).extract(samples);
      int n = 0;
      for (; outcomes.hasNext(); n++) {
        outcomes.next();
      }
      assertEquals(6 * BATCH, n);
    }
    assertTrue(most.get() <= BATCH + 2, "read " + most); // a batch, and 64 MiB
  }

  @Test
  void asManyBatchesAreUnderWayAsThereAreProcessors() throws InterruptedException {
    CountDownLatch together = new CountDownLatch(2);
    Fake waiting =
        new Fake(
            inputs -> {
              together.countDown();
              try { // neither ends before the other began
                assertTrue(together.await(30, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return inputs;
            },
            Collections.synchronizedList(new ArrayList<>()));
    try (ExtractionThreads two = new ExtractionThreads(2, 2)) {
      var outcomes = new FeatureExtractor(waiting, NUMBERS, two).extract(numbers(5 * BATCH));
      for (int i = 0; i < 5 * BATCH; i++) {
        assertArrayEquals(new float[] {i}, value(outcomes.next()).values());
      }
      assertFalse(outcomes.hasNext());
    }
    assertEquals(0, together.getCount());
  }

  @Test
  void errorsOfTheDecoderAreNoRejections() {
    FrontEnd broken =
        content -> {
          throw new IllegalArgumentException("a defect");
        };
    var outcomes =
        new FeatureExtractor(new Fake(inputs -> inputs), broken, threads).extract(numbers(1));
    IllegalStateException thrown = assertThrows(IllegalStateException.class, outcomes::next);
    assertEquals("a defect", thrown.getCause().getMessage());
    assertTrue(thrown.getMessage().startsWith("cannot decode file-0: "), thrown.getMessage());
  }
}
