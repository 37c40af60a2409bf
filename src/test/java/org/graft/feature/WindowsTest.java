package org.graft.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.graft.backbone.Backbone;
import org.graft.common.Digest;
import org.graft.feature.FeatureExtractor.FrontEnd;
import org.graft.sample.Outcome;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Sample;
import org.graft.sample.WindowPooling;
import org.graft.sample.Windows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Samples that are several inputs. */
@Timeout(60)
class WindowsTest {
  private static final int BATCH = 3;

  /** {@code "1,2,3"} is three windows, {@code "1,x"} is found to be damaged after the first. */
  private record Numbers(WindowPooling pooling) implements FrontEnd {
    @Override
    public float[] tensor(byte[] content) throws RejectedException {
      return windows(content).next();
    }

    @Override
    public Windows windows(byte[] content) {
      Iterator<String> each =
          List.of(new String(content, StandardCharsets.UTF_8).split(",")).iterator();
      return () -> each.hasNext() ? window(each.next()) : null;
    }

    private static float[] window(String number) throws RejectedException {
      if (number.equals("x")) {
        throw new RejectedException(Reason.CORRUPT, "damaged later");
      }
      return new float[] {Float.parseFloat(number)};
    }
  }

  /** Gives {@code x} and {@code -x}; notes how many inputs came at once. */
  private record Mirror(List<Integer> batches) implements Backbone {
    @Override
    public int width() {
      return 2;
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
      return Arrays.stream(inputs)
          .map(input -> new float[] {input[0], -input[0]})
          .toArray(float[][]::new);
    }

    @Override
    public void close() {}
  }

  private final List<Integer> batches = new ArrayList<>();

  private List<Outcome<FeatureVector>> extract(WindowPooling pooling, String... texts) {
    List<Outcome<FeatureVector>> outcomes = new ArrayList<>();
    Iterator<Sample> samples =
        Stream.of(texts)
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .map(bytes -> Sample.of(Digest.of(bytes), "a file", bytes))
            .iterator();
    try (ExtractionThreads threads = new ExtractionThreads(1, 1)) {
      new FeatureExtractor(new Mirror(batches), new Numbers(pooling), threads)
          .extract(samples)
          .forEachRemaining(outcomes::add);
    }
    return outcomes;
  }

  private static float[] values(Outcome<FeatureVector> outcome) {
    return ((FeatureVector) assertInstanceOf(Outcome.Ok.class, outcome).value()).values();
  }

  @Test
  void windowsOfNeighboursShareBatchesAndFindHomeAgain() {
    var outcomes = extract(WindowPooling.MEAN, "1,2", "5", "1,2,3,4,5,6,13", "7,9");
    assertArrayEquals(new float[] {1.5f, -1.5f}, values(outcomes.get(0)));
    assertArrayEquals(new float[] {5, -5}, values(outcomes.get(1)));
    assertArrayEquals(new float[] {34 / 7f, -34 / 7f}, values(outcomes.get(2)));
    assertArrayEquals(new float[] {8, -8}, values(outcomes.get(3)));
    assertEquals(List.of(3, 3, 3, 1, 2), batches); // three samples' ten windows, then the fourth's
  }

  @Test
  void meansDeviationsAndMaximaAreThoseOfTheWindows() {
    assertArrayEquals(
        new float[] {5, -5, 2.828427f, 2.828427f},
        values(extract(WindowPooling.MEAN_STD, "3,3,9").get(0))); // numpy.std
    assertArrayEquals(
        new float[] {3, -3, 0, 0}, values(extract(WindowPooling.MEAN_STD, "3").get(0)));
    assertArrayEquals(new float[] {9, 3}, values(extract(WindowPooling.MAX, "-3,9").get(0)));
  }

  @Test
  void aSampleOfOneWindowIsItselfToTheBit() {
    float[] minusZero = values(extract(WindowPooling.MEAN, "-0.0").get(0));
    assertEquals(Float.floatToRawIntBits(-0.0f), Float.floatToRawIntBits(minusZero[0]));
  }

  @Test
  void aSampleThatTurnsOutDamagedLeavesItsNeighboursAlone() {
    var outcomes = extract(WindowPooling.MEAN, "1,2", "4,5,6,x", "8,10");
    assertArrayEquals(new float[] {1.5f, -1.5f}, values(outcomes.get(0)));
    assertEquals(
        "damaged later",
        assertInstanceOf(Outcome.Rejected.class, outcomes.get(1)).rejection().detail());
    assertArrayEquals(new float[] {9, -9}, values(outcomes.get(2)));
  }

  @Test
  void aFaultOfTheFrontEndNamesTheFile() {
    assertEquals(
        "cannot decode a file: java.lang.NumberFormatException: For input string: \"y\"",
        assertThrows(IllegalStateException.class, () -> extract(WindowPooling.MEAN, "1,y"))
            .getMessage());
  }
}
