package org.graft.engine.optimum;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import org.graft.head.Convergence;

/**
 * Minimises a smooth convex function by limited-memory BFGS (Liu and Nocedal 1989; the two-loop
 * recursion of Nocedal and Wright, algorithm 7.4), begun at zero. It never calls: it says where it
 * wants to know value and gradient, and is told, so that many of them share a pass.
 */
final class Lbfgs {
  private static final int MEMORY = 10;

  /** How a search ended. */
  enum Ending {
    /** The gradient is as small as was asked. */
    CONVERGED,
    /** Most iterations were made. */
    ITERATIONS,
    /** No step lowers the value by what single precision can tell. */
    PRECISION
  }

  /** A step, and the change of the gradient over it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pair(double[] step, double[] change, double product) {}

  private final Convergence limits;
  private final Deque<Pair> memory = new ArrayDeque<>();
  private double[] point;
  private double[] start;
  private double[] direction;
  private double[] gradient;
  private double value;
  private double firstNorm;
  private LineSearch search;
  private int iterations;
  private Ending ending;

  Lbfgs(int parameters, Convergence limits) {
    this.limits = limits;
    this.point = new double[parameters];
  }

  /** Where value and gradient are wanted; after the end, the best point. Not to be changed. */
  double[] point() {
    return point;
  }

  /** Null until the end. */
  Ending ending() {
    return ending;
  }

  int iterations() {
    return iterations;
  }

  /** At the last accepted point. */
  double value() {
    return value;
  }

  double gradientNorm() {
    return norm(gradient);
  }

  /**
   * @param gradientThere kept
   */
  void told(double valueThere, double[] gradientThere) {
    if (gradient == null) {
      firstNorm = norm(gradientThere);
      accept(valueThere, gradientThere);
      return;
    }
    if (search.accepts(valueThere, dot(direction, gradientThere))) {
      iterations++;
      remember(gradientThere);
      accept(valueThere, gradientThere);
    } else if (search.failed()) {
      end(Ending.PRECISION, start);
    } else {
      point = along();
    }
  }

  private void accept(double valueThere, double[] gradientThere) {
    value = valueThere;
    gradient = gradientThere;
    start = point;
    if (norm(gradient) <= limits.tolerance() * firstNorm) {
      end(Ending.CONVERGED, point);
    } else if (iterations == limits.iterations()) {
      end(Ending.ITERATIONS, point);
    } else {
      direction = direction();
      double slope = dot(direction, gradient);
      search = new LineSearch(value, slope, memory.isEmpty() ? Math.min(1, 1 / firstNorm) : 1);
      point = along();
    }
  }

  private void end(Ending how, double[] where) {
    ending = how;
    point = where;
    memory.clear();
    direction = null;
    start = null;
  }

  private double[] along() {
    double[] there = start.clone();
    add(there, search.step(), direction);
    return there;
  }

  private void remember(double[] gradientThere) {
    double[] step = direction;
    double length = search.step();
    for (int i = 0; i < step.length; i++) {
      step[i] *= length;
    }
    double[] change = gradientThere.clone();
    add(change, -1, gradient);
    double product = dot(step, change);
    if (product > 1e-10 * norm(step) * norm(change)) { // else noise: H would not stay positive
      memory.addLast(new Pair(step, change, product));
    }
    if (memory.size() > MEMORY) {
      memory.removeFirst();
    }
  }

  /** {@code -H g}. */
  private double[] direction() {
    double[] d = gradient.clone();
    double[] weights = new double[memory.size()];
    int i = weights.length;
    for (Iterator<Pair> newest = memory.descendingIterator(); newest.hasNext(); ) {
      Pair pair = newest.next();
      weights[--i] = dot(pair.step, d) / pair.product;
      add(d, -weights[i], pair.change);
    }
    double scale =
        memory.isEmpty()
            ? 1
            : memory.getLast().product / dot(memory.getLast().change, memory.getLast().change);
    Arrays.setAll(d, j -> d[j] * scale);
    for (Pair pair : memory) {
      add(d, weights[i++] - dot(pair.change, d) / pair.product, pair.step);
    }
    Arrays.setAll(d, j -> -d[j]);
    return d;
  }

  private static void add(double[] to, double factor, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  /** Four sums, so that an addition need not wait for the last one. */
  private static double dot(double[] a, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < a.length; i += 4) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += a[i] * b[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }
}
