package org.graft.inspect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Pairs of samples that may be nearly the same, of signatures as they come sorted by bucket, turned
 * bits and key. Of each sample a few with the most equal bits: many copies make a chain, not all
 * their pairs.
 */
public final class NearCandidates implements Iterator<NearCandidates.Pair> {
  /** Of one sample, in one table. */
  private static final int MOST_PAIRS = 8;

  private static final Comparator<Near> CLOSEST =
      Comparator.comparingInt(Near::apart).thenComparing(near -> near.sample().key());

  /** A sample in a bucket. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Entry(long bucket, long[] signature, String key) {}

  /** Two keys, the smaller one first. */
  public record Pair(String first, String second) {
    static Pair of(String a, String b) {
      return a.compareTo(b) < 0 ? new Pair(a, b) : new Pair(b, a);
    }
  }

  private record Near(Entry sample, int apart) {}

  private final Buckets buckets;
  private final Iterator<Entry> sorted;
  private final Deque<Entry> window = new ArrayDeque<>();
  private Iterator<Pair> found = List.<Pair>of().iterator();

  public NearCandidates(Buckets buckets, Iterator<Entry> sorted) {
    this.buckets = buckets;
    this.sorted = sorted;
  }

  @Override
  public boolean hasNext() {
    while (!found.hasNext() && sorted.hasNext()) {
      Entry next = sorted.next();
      if (!window.isEmpty() && window.peekLast().bucket() != next.bucket()) {
        window.clear();
      }
      found = pairs(next).iterator();
      window.addLast(next);
      if (window.size() > Buckets.WINDOW) {
        window.removeFirst();
      }
    }
    return found.hasNext();
  }

  private List<Pair> pairs(Entry next) {
    List<Near> near = new ArrayList<>();
    for (Entry other : window) {
      if (buckets.mayBeNear(next.signature(), other.signature())) {
        near.add(new Near(other, Hyperplanes.apart(next.signature(), other.signature())));
      }
    }
    return near.stream()
        .sorted(CLOSEST)
        .limit(MOST_PAIRS)
        .map(other -> Pair.of(next.key(), other.sample().key()))
        .toList();
  }

  @Override
  public Pair next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return found.next();
  }
}
