package org.graft.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.graft.inspect.NearCandidates.Entry;
import org.graft.inspect.NearCandidates.Pair;
import org.junit.jupiter.api.Test;

class NearCandidatesTest {
  private static final int WIDTH = 48;

  @Test
  void findsWhatIsNearlyTheSameAmongManyThatAreNot() {
    float[][] samples = vectors(3000, 1);
    Random chance = new Random(2);
    for (int i = 0; i < 200; i++) { // the second half of 200 pairs at cosines of 0.96 to 1
      samples[2999 - i] = nearTo(samples[i], 0.96 + 0.04 * i / 199, chance);
    }
    Hyperplanes planes = new Hyperplanes(new double[WIDTH]);
    Set<Pair> candidates = candidates(samples, planes, new Buckets(samples.length, 0.95));
    int found = 0;
    int looked = 0;
    for (int i = 0; i < samples.length; i++) {
      for (int j = i + 1; j < samples.length; j++) {
        if (planes.cosine(samples[i], samples[j]) >= 0.95) {
          looked++;
          found += candidates.contains(Pair.of(key(i), key(j))) ? 1 : 0;
        }
      }
    }
    assertTrue(looked >= 195, looked + " pairs");
    assertTrue(found >= 0.98 * looked, found + " of " + looked);
    assertTrue(candidates.size() < 4 * looked, candidates.size() + " candidates");
  }

  @Test
  void theOrderThatSamplesCameInDoesNotShow() {
    float[][] samples = vectors(300, 3);
    for (int i = 0; i < 40; i++) {
      samples[100 + i] = samples[i].clone();
    }
    Hyperplanes planes = new Hyperplanes(new double[WIDTH]);
    Buckets buckets = new Buckets(1_000_000, 0.95);
    List<Entry> entries = entries(samples, planes, buckets);
    Set<Pair> once = pairs(entries, buckets);
    Collections.shuffle(entries, new Random(4));
    assertEquals(once, pairs(entries, buckets));
    assertEquals(40, once.size());
  }

  @Test
  void manyCopiesMakeAChainInsteadOfAllTheirPairs() {
    float[][] samples = new float[2000][];
    float[] one = vectors(1, 5)[0];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = one.clone();
    }
    Hyperplanes planes = new Hyperplanes(new double[WIDTH]);
    Set<Pair> candidates = candidates(samples, planes, new Buckets(samples.length, 0.95));
    Set<String> met = new HashSet<>();
    candidates.forEach(
        pair -> {
          met.add(pair.first());
          met.add(pair.second());
        });
    assertEquals(2000, met.size());
    assertTrue(candidates.size() <= 8 * 2000, candidates.size() + " candidates");
  }

  @Test
  void bitsDifferAsOftenAsTheAngleSays() {
    Hyperplanes planes = new Hyperplanes(new double[WIDTH]);
    float[][] samples = vectors(400, 6);
    Random chance = new Random(7);
    long apart = 0;
    for (float[] sample : samples) {
      float[] other = nearTo(sample, 0.9, chance);
      apart += Hyperplanes.apart(planes.signature(sample, 0), planes.signature(other, 0));
    }
    double expected = Math.acos(0.9) / Math.PI * Hyperplanes.BITS;
    assertEquals(expected, apart / 400.0, 0.05 * expected);
  }

  private static Set<Pair> candidates(float[][] samples, Hyperplanes planes, Buckets buckets) {
    return pairs(entries(samples, planes, buckets), buckets);
  }

  private static List<Entry> entries(float[][] samples, Hyperplanes planes, Buckets buckets) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < samples.length; i++) {
      long[] signature = planes.signature(samples[i], 0);
      for (int table = 0; table < Buckets.TABLES; table++) {
        entries.add(new Entry(buckets.bucket(signature, table), signature, key(i)));
      }
    }
    return entries;
  }

  /** As a cluster sorts them. */
  private static Set<Pair> pairs(List<Entry> entries, Buckets buckets) {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(
        Comparator.comparingLong(Entry::bucket)
            .thenComparing(e -> buckets.turned(e.signature(), (int) (e.bucket() >> 32)))
            .thenComparing(Entry::key));
    Set<Pair> pairs = new HashSet<>();
    new NearCandidates(buckets, sorted.iterator()).forEachRemaining(pairs::add);
    return pairs;
  }

  private static String key(int i) {
    return "sample%05d".formatted(i);
  }

  private static float[][] vectors(int n, long seed) {
    Random chance = new Random(seed);
    float[][] vectors = new float[n][WIDTH];
    for (float[] vector : vectors) {
      for (int j = 0; j < WIDTH; j++) {
        vector[j] = (float) chance.nextGaussian();
      }
    }
    return vectors;
  }

  /** A vector at this cosine, of another length. */
  private static float[] nearTo(float[] vector, double cosine, Random chance) {
    double[] noise = new double[WIDTH];
    double along = 0;
    double length = 0;
    for (int j = 0; j < WIDTH; j++) {
      noise[j] = chance.nextGaussian();
      along += noise[j] * vector[j];
      length += vector[j] * vector[j];
    }
    double across = 0;
    for (int j = 0; j < WIDTH; j++) {
      noise[j] -= along / length * vector[j];
      across += noise[j] * noise[j];
    }
    double sine = Math.sqrt(1 - cosine * cosine) * Math.sqrt(length / across);
    float[] near = new float[WIDTH];
    for (int j = 0; j < WIDTH; j++) {
      near[j] = (float) (2 * (cosine * vector[j] + sine * noise[j]));
    }
    return near;
  }
}
