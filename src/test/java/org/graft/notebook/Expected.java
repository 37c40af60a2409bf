package org.graft.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.common.Problems;

/**
 * What a paragraph of code must write.
 *
 * @param title of the paragraph
 * @param fragments of its output
 * @param ranges of numbers in it
 */
record Expected(String title, List<String> fragments, List<Range> ranges) {
  /** A number that a pattern's first group finds, from {@code least} to {@code most}. */
  private record Range(Pattern pattern, double least, double most) {}

  static Expected of(String title, String... fragments) {
    return new Expected(title, List.of(fragments), List.of());
  }

  /**
   * @param pattern whose first group is the number
   */
  Expected number(String pattern, double least, double most) {
    List<Range> more = new ArrayList<>(ranges);
    more.add(new Range(Pattern.compile(pattern), least, most));
    return new Expected(title, fragments, more);
  }

  void check(String output, Problems problems) {
    for (String fragment : fragments) {
      problems.check(output.contains(fragment), "'%s' is not in its output", fragment);
    }
    for (Range range : ranges) {
      Matcher found = range.pattern().matcher(output);
      if (!found.find()) {
        problems.add("'%s' is not in its output", range.pattern());
        continue;
      }
      double number = Double.parseDouble(found.group(1));
      problems.check(
          number >= range.least() && number <= range.most(),
          "'%s' finds %s: it must be %s to %s",
          range.pattern(),
          number,
          range.least(),
          range.most());
    }
  }
}
