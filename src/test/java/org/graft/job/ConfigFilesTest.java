package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files under conf/ are the reference of all keys. */
class ConfigFilesTest {
  private static final Path CONF = Path.of("conf");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(CONF)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static Class<?> type(Path file) {
    return file.endsWith("score.yaml")
        ? ScoreConfig.class
        : file.endsWith("pack.yaml") ? PackConfig.class : JobConfig.class;
  }

  private static Map<String, Object> effective(Path file) {
    return new ConfigLoader(Map.of(), Path.of("")).load(file, List.of(), type(file)).effective();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileBinds(Path file) {
    assertTrue(effective(file).size() > 5);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyKeyOfEveryRecordIsExplained(Path file) throws IOException {
    if (List.of("quickstart.yaml", "score.yaml", "pack.yaml")
        .contains(file.getFileName().toString())) {
      keys(
          type(file),
          new YAMLMapper().readTree(file.toFile()),
          Files.readString(CONF.resolve("quickstart.yaml")),
          "");
    }
  }

  /** Keys of a kind that the file does not choose are in a comment, "key: default". */
  private static void keys(Class<?> type, JsonNode node, String text, String path) {
    if (type.isSealed()) {
      assertTrue(node.has("kind"), path + "kind");
      for (Class<?> kind : type.getPermittedSubclasses()) {
        boolean chosen = kind.getSimpleName().equalsIgnoreCase(node.get("kind").asText());
        for (RecordComponent key : kind.getRecordComponents()) {
          assertTrue(
              chosen ? node.has(key.getName()) : text.contains(key.getName() + ": "),
              path + key.getName() + " of kind " + kind.getSimpleName());
        }
      }
      return;
    }
    for (RecordComponent key : type.getRecordComponents()) {
      String name = path + key.getName();
      assertTrue(node.has(key.getName()), () -> name + " is not in the file");
      if (key.getType().isRecord() || key.getType().isSealed()) {
        keys(key.getType(), node.get(key.getName()), text, name + ".");
      }
    }
  }

  /** Where the quickstart says no other default, its value is the default. */
  @Test
  void theQuickstartShowsTheDefaults() throws IOException {
    Map<String, Object> shown = new TreeMap<>(effective(CONF.resolve("quickstart.yaml")));
    Path least = Files.createTempFile("least", ".yaml");
    Files.writeString(
        least,
        """
        name: quickstart
        workspace: %s
        source: {kind: folder, path: %s}
        backbone: {card: mobilenetv2.coco}
        """
            .formatted(shown.get("workspace"), shown.get("source.path")));
    Map<String, Object> defaults = new TreeMap<>(effective(least));
    Files.delete(least);
    for (String other :
        List.of(
            "split.train",
            "split.validation",
            "split.test",
            "train.baseline",
            "dataDoctor.enabled")) {
      shown.remove(other);
      defaults.remove(other);
    }
    assertEquals(defaults, shown);
  }
}
