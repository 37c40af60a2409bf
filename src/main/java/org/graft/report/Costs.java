package org.graft.report;

import java.util.List;

/**
 * What a run took.
 *
 * @param steps in their order
 * @param extraction null where nothing was extracted
 * @param tasks null where nobody counted them
 */
public record Costs(List<Step> steps, Extraction extraction, Tasks tasks) {
  /**
   * @param seconds as the clock on the wall has it
   */
  public record Step(String name, double seconds) {}

  /**
   * Of all samples that went through the network; the three times are sums over all threads.
   *
   * @param seconds as the clock on the wall has it
   * @param waitSeconds until the samples' bytes were there
   * @param decodeSeconds for making inputs of bytes
   */
  public record Extraction(
      long samples,
      double seconds,
      double waitSeconds,
      double decodeSeconds,
      double networkSeconds) {}

  /**
   * Of Spark, on all executors.
   *
   * @param coreSeconds that tasks held cores
   * @param cpuSeconds that the tasks' own threads computed
   */
  public record Tasks(long tasks, double coreSeconds, double cpuSeconds) {}

  public Costs {
    steps = List.copyOf(steps);
  }

  Section section() {
    Markup page = new Markup();
    if (!steps.isEmpty()) {
      shares(page, "step", steps);
    }
    if (extraction != null && extraction.samples() > 0) {
      extraction(page);
    }
    if (tasks != null) {
      page.element(
          "p",
          "%d Spark tasks held cores for %s s (core-seconds); their own threads computed for %s s of it."
              .formatted(
                  tasks.tasks(),
                  Markup.seconds(tasks.coreSeconds()),
                  Markup.seconds(tasks.cpuSeconds())));
    }
    return Section.of("Time and cost", page);
  }

  private void extraction(Markup page) {
    page.element(
        "p",
        "%d samples were extracted in %s s: %s samples/s. Over all threads, that was:"
            .formatted(
                extraction.samples(),
                Markup.seconds(extraction.seconds()),
                Markup.seconds(extraction.samples() / extraction.seconds())));
    shares(
        page,
        "extraction",
        List.of(
            new Step("waiting for bytes", extraction.waitSeconds()),
            new Step("decoding", extraction.decodeSeconds()),
            new Step("network", extraction.networkSeconds())));
  }

  private static void shares(Markup page, String name, List<Step> parts) {
    double all = parts.stream().mapToDouble(Step::seconds).sum();
    page.table(
        List.of(name, "seconds", "share"),
        parts.stream()
            .map(
                part ->
                    List.of(
                        part.name(),
                        Markup.seconds(part.seconds()),
                        Markup.percent(all == 0 ? 0 : part.seconds() / all)))
            .toList());
  }
}
