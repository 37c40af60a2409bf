package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.graft.common.UserError;
import org.graft.guide.Block;
import org.graft.guide.GuidePage;
import org.graft.job.GuideCommands.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README and guide tell people to type is what this version of Graft takes. */
class GuideCommandsTest {
  private static final LocalDate SOME_DAY = LocalDate.of(2026, 1, 31);
  private static final YAMLMapper YAML = new YAMLMapper();

  @TempDir Path folder;

  @Test
  void everyCommandIsRead() throws IOException, InterruptedException {
    GuideCommands guide = GuideCommands.run(folder);
    List<String> problems = new ArrayList<>();
    for (Command command : guide.commands()) {
      if (command.line().contains("graft archive")) { // the launcher's own
        continue;
      }
      try {
        if (command.words().isEmpty()) {
          throw new UserError(command.err());
        }
        read(Arguments.parse(command.words().toArray(String[]::new)), guide.checkout());
      } catch (UserError e) {
        problems.add(command.where() + "\n" + e.getMessage());
      }
    }
    System.out.println("guide: commands of Graft: " + guide.commands().size());
    assertTrue(guide.commands().size() > 40, "where are they?");
    assertEquals("", String.join("\n", problems));
  }

  private static void read(Arguments arguments, Path checkout) {
    List<String> own = arguments.options();
    switch (arguments.verb()) {
      case BENCH -> {
        if (!own.isEmpty() && own.get(0).equals("heads")) {
          HeadBenchOptions.parse(own.subList(1, own.size()));
        } else {
          BenchOptions.parse(own);
        }
      }
      case BACKBONES -> BackbonesOptions.parse(own);
      default -> {
        if (arguments.config() != null) {
          new ConfigLoader(Map.of(), checkout, arguments.given().runDate())
              .load(
                  checkout.resolve(arguments.config()),
                  arguments.overrides(),
                  type(arguments.verb()));
        }
      }
    }
  }

  private static Class<?> type(Verb verb) {
    return switch (verb) {
      case SCORE -> ScoreConfig.class;
      case PACK -> PackConfig.class;
      default -> JobConfig.class;
    };
  }

  @Test
  void everyPieceOfConfigurationLoads() throws IOException {
    List<String> problems = new ArrayList<>();
    for (GuidePage page : GuidePage.all()) {
      for (Block block : page.blocks()) {
        if (block.language().equals("yaml") && block.mark("unchecked").isEmpty()) {
          try {
            load(block.text());
          } catch (UserError | IOException e) {
            problems.add(block.where() + "\n" + e.getMessage());
          }
        }
      }
    }
    assertEquals("", String.join("\n", problems));
  }

  /** The piece in place of, or put into, what the file of its kind has. */
  private void load(String text) throws IOException {
    JsonNode piece = YAML.readTree(text);
    String kind = piece.has("bundle") ? "score" : piece.has("output") ? "pack" : "quickstart";
    ObjectNode whole = (ObjectNode) YAML.readTree(Path.of("conf", kind + ".yaml").toFile());
    merge(whole, piece);
    Path file = folder.resolve("piece.yaml");
    Files.writeString(file, YAML.writeValueAsString(whole));
    Class<?> type =
        kind.equals("score")
            ? ScoreConfig.class
            : kind.equals("pack") ? PackConfig.class : JobConfig.class;
    new ConfigLoader(Map.of(), folder, SOME_DAY).load(file, List.of(), type);
  }

  private static void merge(ObjectNode whole, JsonNode piece) {
    for (Iterator<Map.Entry<String, JsonNode>> fields = piece.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode now = whole.get(field.getKey());
      boolean goesIn =
          now instanceof ObjectNode && field.getValue().isObject() && !field.getValue().has("kind");
      if (goesIn) {
        merge((ObjectNode) now, field.getValue());
      } else {
        whole.set(field.getKey(), field.getValue());
      }
    }
  }
}
