package org.graft.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.backbone.BackboneCatalog;
import org.graft.common.ExitCode;
import org.graft.common.Problems;
import org.graft.common.Secrets;
import org.graft.common.UserError;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads a config: the YAML file, then {@code -s key.path=value}, then {@code ${NAME}} from the
 * environment ({@code ${NAME:-default}} where it may be absent) and {@code ${run-date}}, the day
 * that a scheduler runs the job for: {@code ${run-date-7}} is a week before, {@code
 * ${run-date:yyyy/MM/dd}} another form ({@link DateTimeFormatter}'s).
 */
public final class ConfigLoader {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");
  private static final Pattern RUN_DATE =
      Pattern.compile("\\$\\{run-date(?:([+-])([0-9]{1,5}))?(?::([^}]*))?}");
  private static final long MOST_BYTES = 1 << 20;

  private final Map<String, String> environment;
  private final Path workingDirectory;
  private final LocalDate runDate;
  private final boolean travelled;

  public ConfigLoader(Map<String, String> environment, Path workingDirectory) {
    this(environment, workingDirectory, null);
  }

  /**
   * @param runDate null: a config that names it is refused
   */
  public ConfigLoader(Map<String, String> environment, Path workingDirectory, LocalDate runDate) {
    this(environment, workingDirectory, runDate, false);
  }

  /**
   * @param travelled whether the config was brought here from where it was written, so that nothing
   *     lies beside it: relative locations are refused
   */
  ConfigLoader(
      Map<String, String> environment,
      Path workingDirectory,
      LocalDate runDate,
      boolean travelled) {
    this.environment = Map.copyOf(environment);
    this.workingDirectory = workingDirectory.toAbsolutePath();
    this.runDate = runDate;
    this.travelled = travelled;
  }

  /**
   * A config, and each of its leaf keys with the value in force; what came from the environment may
   * be secret, so there it stands as it is written: {@code ${NAME}}. Other secrets are hidden.
   *
   * @param origins of each value: {@code default}, the file's name, {@code -s}, {@code --run-date}
   *     or {@code environment}
   */
  public record Loaded<T>(T config, Map<String, Object> effective, Map<String, String> origins) {}

  /**
   * @param overrides {@code key.path=value}, later ones win
   * @throws UserError that lists every problem at once
   */
  public <T> Loaded<T> load(Path file, List<String> overrides, Class<T> type) {
    Problems problems = new Problems();
    ObjectNode tree = parse(file);
    Set<String> overridden = new HashSet<>();
    overrides.forEach(override -> overridden.add(override(tree, type, override, problems)));
    Map<String, Object> variables = new TreeMap<>();
    Set<String> dated = new HashSet<>();
    JsonNode resolved = substitute(tree, "", variables, dated, problems);
    Path home = file.toAbsolutePath().normalize().getParent();
    ConfigBinder binder =
        new ConfigBinder(
            problems,
            (key, location) -> {
              refusePassword(key, location, problems);
              return resolve(
                  key, location, overridden.contains(key) ? workingDirectory : home, problems);
            });
    T config = binder.bind(resolved, type);
    problems.throwIfAny("Cannot use " + file);
    Map<String, Object> effective = new TreeMap<>(binder.effective());
    effective.putAll(variables);
    effective.replaceAll((key, value) -> Secrets.of(environment).hide(value));
    Map<String, String> origins = new TreeMap<>();
    effective
        .keySet()
        .forEach(key -> origins.put(key, origin(key, tree, overridden, variables.keySet(), file)));
    dated.forEach(key -> origins.replace(key, "--run-date"));
    return new Loaded<>(config, effective, origins);
  }

  private static String origin(
      String key, ObjectNode tree, Set<String> overridden, Set<String> variables, Path file) {
    if (variables.contains(key)) {
      return "environment";
    }
    String block = key.endsWith(".kind") ? key.substring(0, key.length() - 5) : key;
    if (overridden.contains(key) || overridden.contains(block)) {
      return "-s";
    }
    JsonNode at = tree.at("/" + key.replace('.', '/'));
    boolean isShort = tree.at("/" + block.replace('.', '/')).isTextual();
    return at.isMissingNode() && !isShort ? "default" : file.getFileName().toString();
  }

  private static ObjectNode parse(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          ExitCode.BAD_INPUT,
          "Cannot read config %s: there is no such file. Give the path of a YAML file, for instance conf/quickstart.yaml."
              .formatted(file));
    }
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new UserError(
            "Cannot read config %s: it has %d bytes (limit %d). Is it a config?"
                .formatted(file, Files.size(file), MOST_BYTES));
      }
      JsonNode tree = ConfigTree.parse(Files.readString(file));
      if (!tree.isObject()) {
        throw new UserError(
            "Cannot read config %s: it is not a block of keys. Write 'key: value' lines; conf/quickstart.yaml shows every key."
                .formatted(file));
      }
      return (ObjectNode) tree;
    } catch (JsonProcessingException e) {
      throw new UserError("Cannot read config %s: %s".formatted(file, problem(e)), e);
    } catch (CharacterCodingException e) {
      throw new UserError("Cannot read config %s: it is not UTF-8 text.".formatted(file), e);
    } catch (IOException e) {
      throw new UserError("Cannot read config %s: %s".formatted(file, e), e);
    }
  }

  private static String problem(JsonProcessingException e) {
    return e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null
        ? "line %d: %s".formatted(yaml.getProblemMark().getLine() + 1, yaml.getProblem())
        : "line %d: %s".formatted(e.getLocation().getLineNr(), e.getOriginalMessage());
  }

  /** Puts one override into the tree and returns its key. */
  private static String override(
      ObjectNode tree, Class<?> type, String override, Problems problems) {
    int equals = override.indexOf('=');
    if (equals <= 0) {
      problems.add("-s %s: write -s key.path=value", override);
      return "";
    }
    String key = override.substring(0, equals).trim();
    String[] names = key.split("\\.", -1);
    ObjectNode at = tree;
    for (int i = 0; i < names.length - 1; i++) {
      JsonNode next = at.get(names[i]);
      if (next instanceof ObjectNode object) {
        at = object;
      } else {
        at = at.putObject(names[i]);
        if (i == 0 && next != null && isChoice(type, names[0])) { // "head: mlp", and now its key
          at.set("kind", next);
        }
      }
    }
    String text = override.substring(equals + 1);
    at.set(names[names.length - 1], scalar(text));
    return key;
  }

  /** Whether a key stands for one of several kinds, so that its text may name the kind. */
  private static boolean isChoice(Class<?> type, String key) {
    return Arrays.stream(type.getRecordComponents())
        .anyMatch(it -> it.getName().equals(key) && it.getType().isSealed());
  }

  /** YAML's reading of a value, or the text itself where it is not one. */
  private static JsonNode scalar(String text) {
    try {
      JsonNode node = ConfigTree.parse(text);
      return node.isMissingNode() || node.isObject() ? TextNode.valueOf(text) : node;
    } catch (IOException e) {
      return TextNode.valueOf(text);
    }
  }

  /**
   * @param variables gets the text of every leaf that names one
   * @param dated gets every leaf that names the run's date
   */
  private JsonNode substitute(
      JsonNode node,
      String path,
      Map<String, Object> variables,
      Set<String> dated,
      Problems problems) {
    if (node.isTextual()) {
      String text = dated(node.asText(), path, dated, problems);
      if (VARIABLE.matcher(text).find()) {
        variables.put(path, text);
      }
      return TextNode.valueOf(substitute(text, path, problems));
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      String prefix = path.isEmpty() ? "" : path + ".";
      object
          .fields()
          .forEachRemaining(
              field ->
                  copy.set(
                      field.getKey(),
                      substitute(
                          field.getValue(), prefix + field.getKey(), variables, dated, problems)));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> copy.add(substitute(item, path, variables, dated, problems)));
      return copy;
    }
    return node;
  }

  private String dated(String text, String path, Set<String> dated, Problems problems) {
    return RUN_DATE
        .matcher(text)
        .replaceAll(
            match -> {
              dated.add(path);
              return Matcher.quoteReplacement(date(match, path, problems));
            });
  }

  private String date(MatchResult match, String path, Problems problems) {
    if (runDate == null) {
      problems.add("'%s' names ${run-date}: add --run-date YYYY-MM-DD", path);
      return "";
    }
    int days = match.group(2) == null ? 0 : Integer.parseInt(match.group(2));
    LocalDate date = runDate.plusDays("-".equals(match.group(1)) ? -days : days);
    try {
      return match.group(3) == null
          ? date.toString()
          : date.format(DateTimeFormatter.ofPattern(match.group(3), Locale.ROOT));
    } catch (IllegalArgumentException | DateTimeException e) {
      problems.add(
          "'%s' has the form '%s' for ${run-date}: write one like yyyy/MM/dd",
          path, match.group(3));
      return "";
    }
  }

  private String substitute(String text, String path, Problems problems) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            match -> {
              String value = environment.getOrDefault(match.group(1), match.group(2));
              if (value == null) {
                problems.add(
                    "'%s' names the environment variable %s, which is not set",
                    path, match.group(1));
                return "";
              }
              return Matcher.quoteReplacement(value);
            });
  }

  /** Absolute and without a slash at its end; empty stays empty, and a URI a URI. */
  private String resolve(String key, String location, Path base, Problems problems) {
    if (location.isEmpty()) {
      return location;
    }
    if (isUri(location) || BackboneCatalog.isShortName(location)) {
      return location.replaceFirst("(?<=[^:/])/+$", "");
    }
    if (travelled && !Path.of(location).isAbsolute()) {
      problems.add(
          "'%s' is the relative path '%s', and the driver runs on another machine: write it absolute, or as a URI",
          key, location);
    }
    return base.resolve(location).normalize().toString();
  }

  /** Spark and Hadoop would tell it in their logs. */
  private void refusePassword(String key, String location, Problems problems) {
    problems.check(
        !Secrets.hasPassword(location),
        "'%s' is %s: a password or key has no place in it. Leave it out, and give it to Hadoop (an environment variable, core-site.xml, --conf spark.hadoop.fs...)",
        key,
        Secrets.of(environment).hide(location));
  }

  static boolean isUri(String location) {
    return location.matches("(?s)[A-Za-z][A-Za-z0-9+.-]+:/.*");
  }
}
