package org.graft.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Lines over 1, 2, 3, ..., or areas on top of each other, as SVG that stands in a page. What is no
 * number leaves a gap.
 *
 * @param x what is counted: epochs, rounds
 * @param stacked areas, each on those before it; values are 0 or more
 * @param series as long as each other, at most four
 */
record Plot(String title, String x, boolean stacked, List<Series> series) {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Series(String name, double... values) {}

  /** More points than pixels show nothing more: then each is the mean of some. */
  static final int MOST_POINTS = 360;

  private static final int WIDTH = 720;
  private static final int HEIGHT = 240;
  private static final int LEFT = 64;
  private static final int RIGHT = 12;
  private static final int TOP = 10;
  private static final int BOTTOM = 36;

  Plot {
    series = List.copyOf(series);
  }

  String svg() {
    int length = series.isEmpty() ? 0 : series.get(0).values().length;
    int each = Math.max(1, (length + MOST_POINTS - 1) / MOST_POINTS);
    List<double[]> values = series.stream().map(s -> means(s.values(), each)).toList();
    if (stacked) {
      values = cumulated(values);
    }
    Markup out = new Markup();
    out.add("<figure><figcaption>%s%s</figcaption>".formatted(caption(each), legend()));
    if (finite(values).findAny().isEmpty()) {
      return out.add("<p class=\"none\">No numbers.</p></figure>").toString();
    }
    Axis across = Axis.of(1, length, LEFT, WIDTH - RIGHT);
    Axis up =
        Axis.of(
            stacked ? 0 : finite(values).min().orElseThrow(),
            finite(values).max().orElseThrow(),
            HEIGHT - BOTTOM,
            TOP);
    out.add(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(WIDTH, HEIGHT, Markup.text(title)));
    grid(out, across, up);
    for (int s = values.size() - 1; s >= 0; s--) { // the lowest area over the others
      draw(out, s, values.get(s), each, across, up);
    }
    return out.add("</svg></figure>").toString();
  }

  private String caption(int each) {
    String means = each == 1 ? "" : ", means of " + each;
    return Markup.text(title + " by " + x + means);
  }

  private String legend() {
    StringBuilder legend = new StringBuilder();
    for (int s = 0; s < series.size(); s++) {
      legend.append(
          " <span class=\"key c%d\">%s</span>".formatted(s, Markup.text(series.get(s).name())));
    }
    return legend.toString();
  }

  private static DoubleStream finite(List<double[]> values) {
    return values.stream().flatMapToDouble(Arrays::stream).filter(Double::isFinite);
  }

  private static double[] means(double[] values, int each) {
    double[] means = new double[(values.length + each - 1) / each];
    for (int i = 0; i < means.length; i++) {
      int end = Math.min(values.length, (i + 1) * each);
      means[i] =
          Arrays.stream(values, i * each, end)
              .filter(Double::isFinite)
              .average()
              .orElse(Double.NaN);
    }
    return means;
  }

  private static List<double[]> cumulated(List<double[]> values) {
    List<double[]> sums = values.stream().map(double[]::clone).toList();
    for (int s = 1; s < sums.size(); s++) {
      for (int i = 0; i < sums.get(s).length; i++) {
        sums.get(s)[i] += sums.get(s - 1)[i];
      }
    }
    return sums;
  }

  private static void grid(Markup out, Axis across, Axis up) {
    for (double tick : up.ticks(false)) {
      double y = up.at(tick);
      out.add(line("grid", LEFT, y, WIDTH - RIGHT, y));
      out.add(label("end", LEFT - 6, y + 4, tick));
    }
    for (double tick : across.ticks(true)) {
      double x = across.at(tick);
      out.add(line("grid", x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 4));
      out.add(label("middle", x, HEIGHT - BOTTOM + 18, tick));
    }
  }

  private static String line(String type, double x1, double y1, double x2, double y2) {
    return String.format(
        Locale.ROOT,
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        type,
        x1,
        y1,
        x2,
        y2);
  }

  private static String label(String anchor, double x, double y, double tick) {
    return String.format(
        Locale.ROOT,
        "<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
        anchor,
        x,
        y,
        Axis.label(tick));
  }

  /** Runs of numbers; one that stands alone is a dot. */
  private void draw(Markup out, int s, double[] values, int each, Axis across, Axis up) {
    for (int from = 0; from < values.length; from++) {
      int to = from;
      while (to < values.length && Double.isFinite(values[to])) {
        to++;
      }
      if (to > from) {
        run(out, s, Arrays.copyOfRange(values, from, to), from, each, across, up);
        from = to;
      }
    }
  }

  private void run(Markup out, int s, double[] values, int first, int each, Axis across, Axis up) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      point(points, x(first + i, each, across), up.at(values[i]));
    }
    if (values.length == 1) {
      out.add(dot(s, x(first, each, across), up.at(values[0])));
    } else if (stacked) {
      point(points, x(first + values.length - 1, each, across), up.start());
      point(points, x(first, each, across), up.start());
      out.add("<polygon class=\"c%d\" points=\"%s\"/>".formatted(s, points.toString().strip()));
    } else {
      out.add("<polyline class=\"c%d\" points=\"%s\"/>".formatted(s, points.toString().strip()));
    }
  }

  private static String dot(int s, double x, double y) {
    return String.format(
        Locale.ROOT, "<circle class=\"c%d\" r=\"3\" cx=\"%.1f\" cy=\"%.1f\"/>", s, x, y);
  }

  private double x(int index, int each, Axis across) {
    int length = series.get(0).values().length;
    double first = index * (double) each + 1;
    double last = Math.min(length, first + each - 1);
    return across.at((first + last) / 2);
  }

  private static void point(StringBuilder points, double x, double y) {
    points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
  }
}
