package org.graft.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The notes under notebooks/ without Zeppelin: {@code mvn verify -Pnotebooks}. */
class NotesTest {
  private static final Path NOTES = Path.of("notebooks");

  private static final Map<String, Integer> passed = new TreeMap<>();

  @TempDir Path folder;

  private void run(String file) throws IOException {
    Note note = Note.read(NOTES.resolve(file), Path.of("").toAbsolutePath(), folder);
    int paragraphs = new NoteRunner(folder, System.out).run(note, ExpectedNotes.all().get(file));
    passed.put(note.name(), paragraphs);
  }

  @Test
  void theQuickstartRuns() throws IOException {
    run(ExpectedNotes.QUICKSTART);
  }

  static List<String> others() {
    return ExpectedNotes.all().keySet().stream()
        .filter(file -> !file.equals(ExpectedNotes.QUICKSTART))
        .toList();
  }

  @Tag("notebooks")
  @ParameterizedTest
  @MethodSource("others")
  void everyOtherNoteRuns(String file) throws IOException {
    run(file);
  }

  @AfterAll
  static void say() {
    int all = passed.values().stream().mapToInt(it -> it).sum();
    System.out.println("notebooks: " + all + " paragraphs passed: " + passed);
  }

  @Test
  void everyNoteIsCheckedAndValid() throws IOException {
    try (Stream<Path> files = Files.list(NOTES)) {
      List<Path> found = files.toList();
      assertEquals(
          new TreeSet<>(ExpectedNotes.all().keySet()),
          found.stream()
              .map(file -> file.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new)));
      for (Path file : found) {
        Note.read(file, Path.of("").toAbsolutePath(), folder);
      }
    }
  }
}
