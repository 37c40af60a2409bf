package org.graft.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;

/**
 * The command line: {@code VERB CONF.yaml [-s key.path=value]... [--json FILE]}.
 *
 * @param config null where none was given to a verb that needs none
 * @param overrides of config keys, in order
 * @param json where to write the summary as well, a file or a URI that Hadoop knows; or null
 * @param options of a verb that needs no config: what stands after it, not read yet
 * @param given options of some verbs only
 */
record Arguments(
    Verb verb,
    Path config,
    List<String> overrides,
    String json,
    List<String> options,
    VerbOptions given) {
  static final String USAGE =
      """
      usage: graft VERB CONF.yaml [-s key.path=value]... [--run-date DATE] [--master URL] [--json FILE]

        run       all steps: index, extract, train, evaluate, publish; with --if-changed, only if anything is new
        index     find and hash the samples
        extract   ... and store their features
        train     ... and train the head
        evaluate  ... and measure it on the test split
        publish   ... and publish it
        plan      say what a run would do, use and take, by a rehearsal on --samples N (200; 0: none)
        rank      say which network suits the samples, by a few of them: --backbones A,B@CUT, --samples N, see the guide
        score     predict with a published bundle
        pack      many small files into few large ones
        rollback  make an earlier version the one in use: the one before, or --to VERSION
        gc        list what no version or recent run needs; --delete it; --older-than DAYS (7)
        doctor    look whether everything that Graft needs is here, and at every executor; CONF.yaml may be left out
        backbones list, show, fetch, verify: the networks that there are, and their weights: no config
        report    write a run's page once more: RUN-DIR [--out FILE], no config
        bench     measure this machine: no config; options of its own, see the guide

      A step that was done before, with the same input and config, is not done again.
      ${run-date} in a config is the day of --run-date.
      exit codes: 0 done, 1 failed, 2 wrong input, 3 gate missed, 4 input not there yet, 5 too many rejected,
      75 another run holds the workspace's lock
      """;

  Arguments(Verb verb, Path config, List<String> overrides, String json) {
    this(verb, config, overrides, json, List.of(), VerbOptions.NONE);
  }

  static Arguments parse(String... args) {
    if (args.length == 0) {
      throw new UserError("Cannot run: no verb given.\n" + USAGE);
    }
    Verb verb = verb(args[0]);
    if (verb.hasOwnOptions()) {
      List<String> own = List.of(args).subList(1, args.length);
      return new Arguments(verb, null, List.of(), null, own, VerbOptions.NONE);
    }
    Path config = null;
    String json = null;
    List<String> overrides = new ArrayList<>();
    VerbOptions given = VerbOptions.NONE;
    Iterator<String> rest = Arrays.asList(args).subList(1, args.length).iterator();
    while (rest.hasNext()) {
      String arg = rest.next();
      switch (arg) {
        case "-s", "--set" -> overrides.add(value(arg, rest));
        case "--json" -> json = value(arg, rest);
        default -> {
          if (VerbOptions.isOption(arg)) {
            given = given.with(verb, arg, rest);
            continue;
          }
          if (arg.startsWith("-")) {
            throw new UserError("Cannot run: '%s' is no option.\n%s".formatted(arg, USAGE));
          }
          if (config != null) {
            throw new UserError(
                "Cannot run: two configs given, %s and %s. Give one, and -s key.path=value to change it."
                    .formatted(config, arg));
          }
          config = Path.of(arg);
        }
      }
    }
    if (config == null && (verb.needsConfig() || !overrides.isEmpty())) {
      throw new UserError(
          "Cannot run '%s': no config given. Add its path, for instance conf/quickstart.yaml."
              .formatted(args[0]));
    }
    return new Arguments(verb, config, List.copyOf(overrides), json, List.of(), given);
  }

  /** The config, as {@link ConfigLoader#load} gives it here and now. */
  <T> ConfigLoader.Loaded<T> load(Class<T> type) {
    return new ConfigLoader(
            System.getenv(),
            Path.of(""),
            given.runDate(),
            YarnDriver.isThis(System.getProperties()))
        .load(config, overrides, type);
  }

  private static Verb verb(String name) {
    List<String> names = Arrays.stream(Verb.values()).map(Verb::id).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw new UserError(
          "Cannot run '%s': there is no such verb.%s\n%s"
              .formatted(name, NearestMatch.hint(name, names), USAGE));
    }
    return Verb.values()[index];
  }

  static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new UserError("Cannot run: %s needs a value.\n%s".formatted(option, USAGE));
    }
    return rest.next();
  }
}
