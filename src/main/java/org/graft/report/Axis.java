package org.graft.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers to pixels, with ticks at round numbers.
 *
 * @param from value at {@code start}
 * @param to value at {@code end}
 */
record Axis(double from, double to, double start, double end) {
  private static final int TICKS = 5;

  /** From the lowest to the highest value; a bit of room where there is one value only. */
  static Axis of(double low, double high, double start, double end) {
    if (!(low < high)) {
      double room = low == 0 || !Double.isFinite(low) ? 1 : Math.abs(low) / 2;
      double middle = Double.isFinite(low) ? low : 0;
      return new Axis(middle - room, middle + room, start, end);
    }
    return new Axis(low, high, start, end);
  }

  double at(double value) {
    return start + (value - from) / (to - from) * (end - start);
  }

  /** Multiples of 1, 2 or 5 times a power of ten that lie on the axis. */
  List<Double> ticks(boolean whole) {
    double step = step((to - from) / TICKS);
    if (whole) {
      step = Math.max(1, step);
    }
    List<Double> ticks = new ArrayList<>();
    for (double k = Math.ceil(from / step); k * step <= to; k++) {
      ticks.add(k * step);
    }
    return ticks;
  }

  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= least) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  static String label(double tick) {
    double size = Math.abs(tick);
    BigDecimal value = new BigDecimal(tick).round(new MathContext(6)).stripTrailingZeros();
    return size != 0 && (size < 1e-4 || size >= 1e7) ? value.toString() : value.toPlainString();
  }
}
