package org.graft.bench;

import java.util.HashSet;
import java.util.List;
import org.graft.common.NearestMatch;
import org.graft.common.Problems;

/** Options of benchmarks that are lists: not empty, nothing twice, all within bounds. */
record OptionChecks(Problems problems) {
  void names(String option, List<String> values, List<String> known) {
    distinct(option, values);
    for (String value : values) {
      problems.check(
          known.contains(value),
          "%s has '%s': it must be of %s.%s",
          option,
          value,
          known,
          NearestMatch.hint(value, known));
    }
  }

  void range(String option, List<Integer> values, int most) {
    distinct(option, values);
    for (int value : values) {
      problems.check(
          value > 0 && value <= most, "%s has %d: it must be 1 to %d", option, value, most);
    }
  }

  void distinct(String option, List<?> values) {
    problems.check(!values.isEmpty(), "%s is empty", option);
    problems.check(
        new HashSet<>(values).size() == values.size(),
        "%s names something twice: %s",
        option,
        values);
  }
}
