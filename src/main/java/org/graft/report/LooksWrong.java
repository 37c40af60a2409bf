package org.graft.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.graft.inspect.SampleFindings;
import org.graft.inspect.SampleFindings.Outlier;
import org.graft.inspect.SampleFindings.Pair;
import org.graft.inspect.SampleFindings.Place;
import org.graft.inspect.SampleFindings.Suspect;
import org.graft.report.Pictures.Budget;

/**
 * What was found wrong with the samples themselves.
 *
 * @param previews of {@link SampleFindings#keys}, by their keys
 */
public record LooksWrong(SampleFindings found, Map<String, Preview> previews) {
  List<Section> sections(Budget budget) {
    Pictures pictures = new Pictures(previews, budget);
    return List.of(
        Section.of("Labels that look wrong", labels(pictures)),
        Section.of("Samples nearly the same", pairs(pictures)),
        Section.of("Samples like no others", outliers(pictures)));
  }

  private Markup labels(Pictures pictures) {
    Markup page = new Markup();
    if (found.labels() == null || found.labels().worst().isEmpty()) {
      return page;
    }
    page.element(
        "p",
        String.format(
            Locale.ROOT,
            "%d of %d samples, by a head that has not seen them and is right about %.1f %% of all. The least probable labels first.",
            found.labels().doubtful(),
            found.samples(),
            100 * found.labels().heldOutAccuracy()));
    return list(
        page, it -> shown(found.labels().worst()).forEach(one -> suspect(it, pictures, one)));
  }

  private static void suspect(Markup page, Pictures pictures, Suspect one) {
    Place sample = one.sample();
    pictures.one(
        page,
        sample.key(),
        sample.path(),
        List.of(
            String.format(Locale.ROOT, "is %s %.3f", sample.label(), one.probability()),
            String.format(
                Locale.ROOT, "rather %s %.3f", one.suggested(), one.suggestedProbability()),
            "in " + sample.split()));
  }

  private Markup pairs(Pictures pictures) {
    Markup page = new Markup();
    if (found.duplicates().worst().isEmpty()) {
      return page;
    }
    page.element(
        "p",
        "%d pairs, %d of them of a training sample and one of another split, which come first; %d have different labels."
            .formatted(
                found.duplicates().pairs(),
                found.duplicates().acrossSplits(),
                found.duplicates().otherLabels()));
    return list(
        page, it -> shown(found.duplicates().worst()).forEach(one -> pair(it, pictures, one)));
  }

  private static void pair(Markup page, Pictures pictures, Pair one) {
    for (Place place : List.of(one.sample(), one.other())) {
      pictures.one(
          page,
          place.key(),
          place.path(),
          List.of(
              "is " + place.label(),
              "in " + place.split(),
              String.format(Locale.ROOT, "cosine %.4f", one.cosine())));
    }
  }

  private Markup outliers(Pictures pictures) {
    Markup page = new Markup();
    if (found.outliers().worst().isEmpty()) {
      return page;
    }
    page.element(
        "p",
        String.format(
            Locale.ROOT,
            "%d samples further than %.3f from their tenth nearest one, the furthest first.",
            found.outliers().found(),
            found.outliers().bound()));
    return list(
        page, it -> shown(found.outliers().worst()).forEach(one -> outlier(it, pictures, one)));
  }

  private static void outlier(Markup page, Pictures pictures, Outlier one) {
    Place sample = one.sample();
    pictures.one(
        page,
        sample.key(),
        sample.path(),
        List.of(
            "is " + sample.label(),
            String.format(Locale.ROOT, "distance %.3f", one.distance()),
            "in " + sample.split()));
  }

  private static <T> List<T> shown(List<T> worst) {
    return worst.subList(0, Math.min(SampleFindings.MOST_SHOWN, worst.size()));
  }

  private static Markup list(Markup page, Consumer<Markup> items) {
    page.add("<ul class=\"samples\">");
    items.accept(page);
    return page.add("</ul>");
  }
}
