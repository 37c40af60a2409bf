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
import org.graft.bench.BenchPlan;
import org.graft.common.NearestMatch;
import org.graft.common.Problems;
import org.graft.common.UserError;

/**
 * The options of {@code graft bench}: {@code --NAME VALUE}, lists with commas.
 *
 * @param json where the records go, or null
 */
record BenchOptions(BenchPlan plan, Path json) {
  static final String USAGE =
      """
      usage: graft bench [--json FILE] [OPTION]...

        --what gemm,decode,network,endToEnd   parts to measure
        --backbones resnet50,vgg16            networks; the first also goes end to end
        --engines dl4j-stock,dl4j,onnx        DL4J as it comes, with oneDNN, compiled for ONNX Runtime
        --precisions fp32,int8                int8 is of onnx only
        --batches 8                           pictures a call
        --threads 1                           calling at the same time
        --rounds 3                            turns of each, medians are taken over them
        --seconds 1                           of one turn; more is steadier
        --pictures FOLDER                     JPEG files instead of generated pictures
        --weights FILE                        of the one backbone, instead of random ones
      """;

  private static final List<String> NAMES =
      List.of(
          "--json",
          "--what",
          "--backbones",
          "--engines",
          "--precisions",
          "--batches",
          "--threads",
          "--rounds",
          "--seconds",
          "--pictures",
          "--weights");

  /** What was given, by option; the last one counts. */
  private record Given(Map<String, String> values, Problems problems) {
    String text(String name) {
      return values.get(name);
    }

    Path path(String name) {
      return text(name) == null ? null : Path.of(text(name));
    }

    List<String> list(String name, List<String> otherwise) {
      return text(name) == null
          ? otherwise
          : Arrays.stream(text(name).split(","))
              .map(String::strip)
              .filter(Predicate.not(String::isEmpty))
              .toList();
    }

    List<Integer> integers(String name, List<Integer> otherwise) {
      List<Integer> numbers = new ArrayList<>();
      for (String text : list(name, List.of())) {
        numbers.add(number(name, text, "a whole number", Integer::valueOf, 1));
      }
      return text(name) == null ? otherwise : numbers;
    }

    <T> T number(String name, String text, String what, Function<String, T> parser, T otherwise) {
      try {
        return text == null ? otherwise : parser.apply(text);
      } catch (NumberFormatException e) {
        problems.add("%s has '%s': it must be %s", name, text, what);
        return otherwise;
      }
    }
  }

  /**
   * @param args after the verb
   * @throws UserError that lists what is wrong
   */
  static BenchOptions parse(List<String> args) {
    Problems problems = new Problems();
    Given given = new Given(new HashMap<>(), problems);
    Iterator<String> rest = args.iterator();
    while (rest.hasNext()) {
      String name = rest.next();
      if (!NAMES.contains(name)) {
        throw new UserError(
            "Cannot bench: '%s' is no option of it.%s\n%s"
                .formatted(name, NearestMatch.hint(name, NAMES), USAGE));
      }
      if (!rest.hasNext()) {
        throw new UserError("Cannot bench: %s needs a value.\n%s".formatted(name, USAGE));
      }
      given.values.put(name, rest.next());
    }
    BenchPlan plan = plan(given);
    problems.throwIfAny("Cannot bench");
    plan.check();
    return new BenchOptions(plan, given.path("--json"));
  }

  private static BenchPlan plan(Given given) {
    BenchPlan defaults = BenchPlan.DEFAULTS;
    return new BenchPlan(
        given.list("--what", defaults.what()),
        given.list("--backbones", defaults.backbones()),
        given.list("--engines", defaults.engines()),
        given.list("--precisions", defaults.precisions()),
        given.integers("--batches", defaults.batches()),
        given.integers("--threads", defaults.threads()),
        given.number(
            "--rounds",
            given.text("--rounds"),
            "a whole number",
            Integer::valueOf,
            defaults.rounds()),
        given.number(
            "--seconds", given.text("--seconds"), "a number", Double::valueOf, defaults.seconds()),
        given.path("--pictures"),
        given.path("--weights"));
  }
}
