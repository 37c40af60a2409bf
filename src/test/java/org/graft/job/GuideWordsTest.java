package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.graft.guide.GuidePage;
import org.junit.jupiter.api.Test;

/**
 * Verbs, keys, variables, profiles and files that the pages name are there, and the other way
 * round.
 */
class GuideWordsTest {
  private static final Pattern VERB =
      Pattern.compile("(?<![\\w/.-])(?:\\./submit/)?graft ([a-z-]+)");
  private static final Pattern KEY = Pattern.compile("[a-zA-Z]+(\\.[a-zA-Z0-9]+)+");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9.]*");
  private static final Pattern VARIABLE = Pattern.compile("GRAFT_[A-Z_]+(?!\\w)");

  /** What is no key, though it begins like one: metrics, and of a card. */
  private static final Set<String> OTHERS =
      Set.of("drift.featureMean", "drift.featureMean.byChance", "train.loss", "weights.sources");

  private static final Pattern PROFILE = Pattern.compile("(?<=[ `])-P([a-z]+)");
  private static final Pattern CONFIG = Pattern.compile("conf/[a-z0-9_-]+\\.yaml");

  /** All pages but the changelog, which speaks of what was. */
  private static List<GuidePage> pages() throws IOException {
    return GuidePage.all().stream().filter(page -> !page.name().equals("changelog.md")).toList();
  }

  private static Set<String> verbs() {
    return Arrays.stream(Verb.values())
        .map(Verb::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyVerbThatIsNamedIsThere() throws IOException {
    Set<String> known = verbs();
    known.add("archive"); // the launcher's own
    List<String> unknown = new ArrayList<>();
    for (GuidePage page : pages()) {
      for (String span : page.spans()) {
        Matcher matcher = VERB.matcher(span);
        while (matcher.find()) {
          if (!known.contains(matcher.group(1)) && !matcher.group(1).startsWith("-")) {
            unknown.add(page.name() + ": " + span);
          }
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  @Test
  void everyVerbIsInTheTableOfVerbs() throws IOException {
    String jobs = Files.readString(Path.of("src/site/markdown/jobs.md"));
    String table = jobs.substring(jobs.indexOf("## Verbs"), jobs.indexOf("## Configuration"));
    List<String> missing =
        verbs().stream()
            .filter(verb -> !table.matches("(?s).*\n\\|[^|\n]*`" + verb + "`.*"))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void everyKeyThatIsNamedIsThere() throws IOException {
    Set<String> keys = ConfigKeys.all();
    Set<String> blocks =
        keys.stream()
            .map(key -> key.split("\\.", -1)[0])
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> unknown = new ArrayList<>();
    for (GuidePage page : pages()) {
      for (String span : page.spans()) {
        String text = span.replaceFirst("^-s ", "").split("[=:\\s]", 2)[0];
        if (KEY.matcher(text).matches() && blocks.contains(text.split("\\.", -1)[0])) {
          if (!keys.contains(text) && !OTHERS.contains(text) && !isFile(text)) {
            unknown.add(page.name() + ": " + span);
          }
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  private static boolean isFile(String text) {
    return text.matches(".*\\.(json|html|yaml|md|safetensors|EXT|sig)");
  }

  /**
   * By its whole name in running text, or in a piece of configuration, a file of it or a command.
   */
  @Test
  void everyKeyIsExplained() throws IOException {
    Set<String> told = new TreeSet<>();
    for (GuidePage page : pages()) {
      page.spans().forEach(span -> add(told, span, NAME));
      page.blocks().forEach(block -> add(told, block.text(), NAME));
    }
    List<String> missing =
        ConfigKeys.all().stream()
            .filter(
                key -> told.stream().noneMatch(it -> it.equals(key) || it.startsWith(key + ".")))
            .filter(key -> !told.contains(last(key)))
            .toList();
    assertEquals(List.of(), missing);
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  @Test
  void variablesAreThoseThatAreRead() throws IOException {
    Set<String> read = variables(List.of("src/main/java", "submit/graft"));
    read.removeAll(Set.of("GRAFT_FIXED", "GRAFT_STEP")); // constants
    Set<String> listed = new TreeSet<>();
    add(listed, Files.readString(Path.of("src/site/markdown/jobs.md")), VARIABLE);
    assertEquals(read, listed);
    Set<String> told = new TreeSet<>();
    for (GuidePage page : pages()) {
      add(told, String.join("\n", page.lines()), VARIABLE);
    }
    told.removeAll(variables(List.of("src/main/java", "submit")));
    assertEquals(Set.of(), told);
  }

  private static Set<String> variables(List<String> roots) throws IOException {
    Set<String> read = new TreeSet<>();
    for (String root : roots) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          add(read, Files.readString(file), VARIABLE);
        }
      }
    }
    return read;
  }

  @Test
  void profilesAndConfigurationsAreThere() throws IOException {
    Set<String> profiles = new TreeSet<>();
    Set<String> configurations = new TreeSet<>();
    for (GuidePage page : pages()) {
      String text = String.join("\n", page.lines());
      Matcher matcher = PROFILE.matcher(text);
      while (matcher.find()) {
        profiles.add(matcher.group(1));
      }
      add(configurations, text, CONFIG);
    }
    String pom = Files.readString(Path.of("pom.xml"));
    profiles.removeIf(profile -> pom.contains("<id>" + profile + "</id>"));
    assertEquals(Set.of(), profiles);
    configurations.removeIf(file -> Files.exists(Path.of(file)));
    configurations.removeAll(GuideCommands.READERS_OWN);
    assertEquals(Set.of(), configurations);
  }

  private static void add(Set<String> found, String text, Pattern pattern) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
  }
}
