package org.graft.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.graft.common.NearestMatch;
import org.graft.common.Problems;
import org.graft.common.UserError;

/**
 * Options {@code --NAME VALUE}, lists with commas; of an option that is given twice the last one
 * counts.
 *
 * @param problems of values that are none, as they are read
 */
record GivenOptions(Map<String, String> values, Problems problems) {
  /**
   * @param names that are known
   * @param cannot begins the error: "Cannot bench"
   * @throws UserError if there is another option, or one without a value
   */
  static GivenOptions parse(List<String> args, List<String> names, String cannot, String usage) {
    GivenOptions given = new GivenOptions(new HashMap<>(), new Problems());
    Iterator<String> rest = args.iterator();
    while (rest.hasNext()) {
      String name = rest.next();
      if (!names.contains(name)) {
        throw new UserError(
            "%s: '%s' is no option of it.%s\n%s"
                .formatted(cannot, name, NearestMatch.hint(name, names), usage));
      }
      if (!rest.hasNext()) {
        throw new UserError("%s: %s needs a value.\n%s".formatted(cannot, name, usage));
      }
      given.values.put(name, rest.next());
    }
    return given;
  }

  Path path(String name) {
    return values.get(name) == null ? null : Path.of(values.get(name));
  }

  List<String> list(String name, List<String> otherwise) {
    return values.get(name) == null
        ? otherwise
        : Arrays.stream(values.get(name).split(","))
            .map(String::strip)
            .filter(Predicate.not(String::isEmpty))
            .toList();
  }

  List<Integer> integers(String name, List<Integer> otherwise) {
    List<Integer> numbers = new ArrayList<>();
    for (String text : list(name, List.of())) {
      numbers.add(number(name, text, "a whole number", Integer::valueOf, 1));
    }
    return values.get(name) == null ? otherwise : numbers;
  }

  int integer(String name, int otherwise) {
    return number(name, values.get(name), "a whole number", Integer::valueOf, otherwise);
  }

  double decimal(String name, double otherwise) {
    return number(name, values.get(name), "a number", Double::valueOf, otherwise);
  }

  private <T> T number(
      String name, String text, String what, Function<String, T> parser, T otherwise) {
    try {
      return text == null ? otherwise : parser.apply(text);
    } catch (NumberFormatException e) {
      problems.add("%s has '%s': it must be %s", name, text, what);
      return otherwise;
    }
  }
}
