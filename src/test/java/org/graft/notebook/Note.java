package org.graft.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.graft.common.Json;
import org.graft.common.Problems;

/**
 * A note as Zeppelin 0.12 stores it: {@code NAME_ID.zpln}.
 *
 * @param id nine capital letters and digits
 */
record Note(String id, String name, List<Paragraph> paragraphs) {
  /** Where the notes say that Graft lies, and what they make. */
  private static final String INSTALLED = "/opt/graft";

  private static final String WORKSPACE = INSTALLED + "/target/notebooks";

  /**
   * Reads a note and refuses one that Zeppelin would not show or not run.
   *
   * @param graft the checkout that stands in for the installed Graft
   * @param workspace for what the note makes
   */
  static Note read(Path file, Path graft, Path workspace) throws IOException {
    JsonNode json = Json.mapper().readTree(text(file, graft, workspace));
    Problems problems = new Problems();
    List<Paragraph> paragraphs = new ArrayList<>();
    for (JsonNode paragraph : json.path("paragraphs")) {
      paragraphs.add(Paragraph.of(paragraph, problems));
    }
    Note note = new Note(json.path("id").asText(), json.path("name").asText(), paragraphs);
    note.check(file, json, problems);
    problems.throwIfAny("Cannot run note " + file);
    return note;
  }

  /** The file as it would be with Graft and the workspace in these places. */
  static String text(Path file, Path graft, Path workspace) throws IOException {
    return Files.readString(file)
        .replace(WORKSPACE, workspace.toString())
        .replace(INSTALLED, graft.toString());
  }

  private void check(Path file, JsonNode json, Problems problems) {
    problems.check(id.matches("[0-9A-Z]{9}"), "id is '%s': it must be nine of 0-9 and A-Z", id);
    problems.check(!name.isBlank(), "name is empty");
    problems.check(
        file.getFileName().toString().equals(name + "_" + id + ".zpln"),
        "the file's name must be '%s_%s.zpln'",
        name,
        id);
    problems.check(
        json.path("defaultInterpreterGroup").asText().equals("spark"),
        "defaultInterpreterGroup is '%s': it must be spark",
        json.path("defaultInterpreterGroup").asText());
    problems.check(!paragraphs.isEmpty(), "it has no paragraphs");
    Set<String> ids = new HashSet<>();
    boolean started = false;
    for (Paragraph paragraph : paragraphs) {
      problems.check(ids.add(paragraph.id()), "two paragraphs have the id '%s'", paragraph.id());
      boolean settings = paragraph.kind() == Paragraph.Kind.SPARK_CONF;
      problems.check(
          !(settings && started),
          "%s comes after code: %%spark.conf must be before",
          paragraph.id());
      started |= paragraph.kind().isCode();
    }
  }
}
