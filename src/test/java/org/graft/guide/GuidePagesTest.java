package org.graft.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.graft.common.Json;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/**
 * Blocks, links and the list of pages. Commands and keys: {@code org.graft.job.GuideCommandsTest}.
 */
class GuidePagesTest {
  /** {@code text} is output, or the form of a command. */
  private static final List<String> LANGUAGES =
      List.of("bash", "java", "scala", "sql", "yaml", "json", "xml", "python", "text");

  @Test
  void everyBlockSaysWhatItIs() throws IOException {
    List<String> problems = new ArrayList<>();
    Map<String, Integer> counts = new TreeMap<>();
    List<String> unchecked = new ArrayList<>();
    for (GuidePage page : GuidePage.all()) {
      for (String line : page.lines()) {
        if (line.matches("    \\./submit/graft.*")) {
          problems.add(page.file() + " has a command outside of a block: " + line.strip());
        }
      }
      for (Block block : page.blocks()) {
        if (!LANGUAGES.contains(block.language())) {
          problems.add(block.where() + " has '" + block.language() + "' behind its fence");
        }
        counts.merge(block.language(), 1, Integer::sum);
        if (block.isUnchecked()) {
          unchecked.add(block.where() + ": " + block.mark("unchecked"));
        }
        if (block.isUnchecked() && block.mark("unchecked").length() < 10) {
          problems.add(block.where() + " is unchecked without a reason");
        }
      }
    }
    System.out.println("guide: blocks " + counts + ", not checked: " + unchecked.size());
    unchecked.forEach(it -> System.out.println("guide: not checked: " + it));
    assertEquals(List.of(), problems);
  }

  @Test
  void dataParses() throws Exception {
    for (GuidePage page : GuidePage.all()) {
      for (Block block : page.blocks()) {
        try {
          if (block.language().equals("json")) {
            String text = block.text().strip();
            Json.mapper().readTree(text.startsWith("{") ? text : "{" + text + "}");
          } else if (block.language().equals("xml")) {
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(block.text())));
          }
        } catch (Exception e) {
          throw new AssertionError(block.where(), e);
        }
      }
    }
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    Map<Path, GuidePage> pages = new TreeMap<>();
    Stream.concat(GuidePage.all().stream(), GuidePage.decisions().stream())
        .forEach(page -> pages.put(page.file(), page));
    for (GuidePage page : pages.values()) {
      Path folder = page.file().toAbsolutePath().getParent();
      for (String link : page.links()) {
        if (link.startsWith("https://")) {
          continue;
        }
        String[] parts = link.split("#", 2);
        Path target =
            parts[0].isEmpty() ? page.file() : relative(folder.resolve(parts[0]).normalize());
        boolean there = Files.exists(target);
        if (there && parts.length > 1) {
          there = pages.containsKey(target) && pages.get(target).anchors().contains(parts[1]);
        }
        if (!there) {
          broken.add(page.file() + ": " + link);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static Path relative(Path path) {
    return Path.of("").toAbsolutePath().relativize(path);
  }

  @Test
  void theIndexListsEveryPage() throws IOException {
    String index = Files.readString(Path.of("src/site/markdown/index.md"));
    for (GuidePage page : GuidePage.all()) {
      String link = "](" + page.name() + ")";
      assertTrue(
          List.of("index.md", "README.md").contains(page.name()) || index.contains(link),
          page.name());
    }
    for (GuidePage page : GuidePage.decisions()) {
      assertTrue(index.contains("](decisions/" + page.name() + ")"), page.name());
    }
  }
}
