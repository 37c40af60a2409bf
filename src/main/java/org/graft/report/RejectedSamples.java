package org.graft.report;

import java.util.List;

/**
 * Samples that a step did not use for one reason.
 *
 * @param step that refused them
 * @param reason its code
 * @param example path of one of them
 * @param detail what is wrong with that one
 */
public record RejectedSamples(
    String step, String reason, long count, String example, String detail) {
  static Section section(List<RejectedSamples> all) {
    Markup page = new Markup();
    if (!all.isEmpty()) {
      page.wideTable(
          "Rejected samples",
          List.of("step", "reason", "samples", "for instance", "what is wrong"),
          all.stream()
              .map(
                  r ->
                      List.of(
                          r.step(), r.reason(), String.valueOf(r.count()), r.example(), r.detail()))
              .toList());
    }
    return Section.of("Rejected samples", page);
  }
}
