package org.graft.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A plot and its table, which holds the numbers that the page's script draws: who cannot see it, or
 * runs no scripts, has them all the same.
 *
 * @param kind how it is drawn
 * @param x what is counted or measured: epochs, rounds, a probability
 * @param at {@code [points]}, rising; where each value stands
 * @param series as long as {@code at}, at most four
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Plot(String title, Kind kind, String x, double[] at, List<Series> series) {
  enum Kind {
    LINES,
    /** Areas, each on those before it. */
    STACKED,
    /** Lines in a square from 0 to 1. */
    UNIT
  }

  record Series(String name, double... values) {}

  /** More points than pixels show nothing more: then each is the mean of some. */
  static final int MOST_POINTS = 360;

  Plot {
    series = List.copyOf(series);
  }

  /** Over 1, 2, 3, ... */
  static Plot counted(String title, Kind kind, String x, List<Series> series) {
    int length = series.isEmpty() ? 0 : series.get(0).values().length;
    int each = Math.max(1, (length + MOST_POINTS - 1) / MOST_POINTS);
    double[] at = IntStream.rangeClosed(1, length).asDoubleStream().toArray();
    List<Series> means =
        series.stream().map(s -> new Series(s.name(), means(s.values(), each))).toList();
    String name = each == 1 ? x : "%s (means of %d)".formatted(x, each);
    return new Plot(title, kind, name, means(at, each), means);
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

  String html() {
    Markup out = new Markup();
    String caption = title + " by " + x;
    out.add(
        "<figure class=\"plot\" data-kind=\"%s\">".formatted(kind.name().toLowerCase(Locale.ROOT)));
    out.element("figcaption", caption);
    if (series.stream()
        .flatMapToDouble(s -> Arrays.stream(s.values()))
        .noneMatch(Double::isFinite)) {
      return out.add("<p>No numbers.</p></figure>").toString();
    }
    String names = series.stream().map(Series::name).collect(Collectors.joining(", "));
    out.add(drawing(caption + ": " + names));
    out.numbers(caption, header(), rows());
    return out.add("</figure>").toString();
  }

  /** Where the script draws. */
  static String drawing(String label) {
    return "<div class=\"drawing\" role=\"img\" aria-label=\"%s\"></div>"
        .formatted(Markup.text(label));
  }

  private List<String> header() {
    List<String> header = new ArrayList<>(List.of(x));
    series.forEach(s -> header.add(s.name()));
    return header;
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < at.length; i++) {
      List<String> row = new ArrayList<>(List.of(Markup.figure(at[i])));
      for (Series s : series) {
        row.add(Markup.number(s.values()[i]));
      }
      rows.add(row);
    }
    return rows;
  }
}
