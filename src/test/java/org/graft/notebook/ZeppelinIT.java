package org.graft.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.graft.common.Json;
import org.graft.notebook.ScalaInterpreter.Interpreted;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The notes under notebooks/ on a real Zeppelin server: {@code mvn verify -Pzeppelin}. */
@Tag("zeppelin")
class ZeppelinIT {
  private static final Map<String, Integer> passed = new TreeMap<>();

  @TempDir static Path folder;
  private static ZeppelinServer server;
  private static Zeppelin zeppelin;

  @BeforeAll
  static void start() throws IOException {
    server =
        ZeppelinServer.start(
            folder.resolve("zeppelin"), Path.of(System.getProperty("graft.zeppelin.server")));
    zeppelin = server.zeppelin();
  }

  @AfterAll
  static void stop() {
    server.close();
    int all = passed.values().stream().mapToInt(it -> it).sum();
    System.out.println("zeppelin: " + all + " paragraphs passed: " + passed);
  }

  static Set<String> notes() {
    return ExpectedNotes.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("notes")
  void everyNoteRuns(String name) throws IOException {
    Path file = Path.of("notebooks").resolve(name);
    Path graft = Path.of("").toAbsolutePath();
    Note note = Note.read(file, graft, folder);
    String id = zeppelin.add(Note.text(file, graft, folder));
    List<String> paragraphs = zeppelin.paragraphs(id);
    assertEquals(note.paragraphs().size(), paragraphs.size());
    zeppelin.restart("spark"); // %spark.conf comes before Spark
    passed.put(
        note.name(),
        new NoteCheck(note, ExpectedNotes.all().get(name), System.out)
            .run(index -> run(note.paragraphs().get(index), id, paragraphs.get(index))));
  }

  private static Interpreted run(Paragraph paragraph, String note, String id) throws IOException {
    Interpreted done = zeppelin.run(note, id);
    String beginning =
        switch (paragraph.kind()) {
          case MARKDOWN -> "%html <div class=\"markdown-body\">";
          case SQL -> "%table ";
          case SCALA, SPARK_CONF -> "";
        };
    return new Interpreted(done.well() && done.output().startsWith(beginning), done.output());
  }

  @Test
  void aParagraphThatFailsSaysSo() throws IOException {
    Path broken = Path.of("src/test/resources/notebook/Broken_2GRAFTBBB.zpln");
    String id = zeppelin.add(Note.text(broken, folder, folder));
    List<String> paragraphs = zeppelin.paragraphs(id);
    zeppelin.restart("spark");
    assertTrue(zeppelin.run(id, paragraphs.get(0)).well());
    Interpreted bad = zeppelin.run(id, paragraphs.get(1));
    assertFalse(bad.well());
    assertTrue(bad.output().contains("broken on purpose"), bad.output());
  }

  @Test
  void settingsComeBeforeSparkAndCapitalsAreTheEnvironments() throws IOException {
    String id =
        zeppelin.add(note("%spark.conf\nGRAFT_SAYS hello", "%spark\nsys.env(\"GRAFT_SAYS\")"));
    List<String> paragraphs = zeppelin.paragraphs(id);
    zeppelin.restart("spark");
    assertTrue(zeppelin.run(id, paragraphs.get(0)).well());
    Interpreted said = zeppelin.run(id, paragraphs.get(1));
    assertTrue(said.well() && said.output().contains("= hello"), said.output());

    String other = zeppelin.add(note("%spark.conf\nGRAFT_SAYS bye"));
    Interpreted late = zeppelin.run(other, zeppelin.paragraphs(other).get(0));
    assertFalse(late.well());
    assertTrue(late.output().contains("Can not change interpreter properties"), late.output());
  }

  private static String note(String... paragraphs) {
    List<Map<String, String>> texts =
        Stream.of(paragraphs).map(text -> Map.of("text", text)).toList();
    return Json.pretty(Map.of("name", "Small " + paragraphs.length, "paragraphs", texts));
  }
}
