package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples dealt to workers by a column of their source. */
class ShardByTest {
  private static final List<String> SITES = List.of("oslo", "rome", "lima");

  @TempDir static Path folder;
  private static TinyJob job;
  private static Ended bySite;

  @BeforeAll
  static void makeSources() throws IOException {
    job = TinyJob.in(folder, 22);
    Pictures.write(job.pictures(), 3, 15, 22);
    StringBuilder csv = new StringBuilder("label,path,site\n");
    StringBuilder lines = new StringBuilder();
    try (OutputStream out = Files.newOutputStream(folder.resolve("shard.tar"));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      int i = 0;
      for (Path file : Pictures.in(job.pictures())) {
        String label = file.getParent().getFileName().toString();
        String path = folder.relativize(file).toString();
        String site = SITES.get(i % SITES.size());
        String json = "{\"path\":\"%s\",\"label\":\"%s\",\"site\":\"%s\"}%n";
        csv.append("%s,%s,%s%n".formatted(label, path, site));
        lines.append(json.formatted(path, label, site));
        add(tar, "%03d.png".formatted(i), Files.readAllBytes(file));
        add(
            tar,
            "%03d.json".formatted(i),
            json.formatted(path, label, site).getBytes(StandardCharsets.UTF_8));
        i++;
      }
    }
    Files.writeString(folder.resolve("list.csv"), csv);
    Files.writeString(folder.resolve("list.jsonl"), lines);
    bySite = train("manifest", "list.csv", "averaging.shardBy=site").well();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static Ended train(String kind, String file, String... more) throws IOException {
    String[] settings = new String[more.length + 3];
    System.arraycopy(more, 0, settings, 0, more.length);
    settings[more.length] = "source.kind=" + kind;
    settings[more.length + 1] = "source.path=" + folder.resolve(file);
    settings[more.length + 2] = "averaging.workers=3";
    return job.verb("train", settings);
  }

  @Test
  void theColumnDecidesWhateverTheSourceIsWrittenIn() throws IOException {
    assertEquals(
        bySite.head(), train("manifest", "list.jsonl", "averaging.shardBy=site").well().head());
    String elsewhere = "workspace=" + folder.resolve("of-tar");
    assertEquals(
        bySite.head(),
        train("tar", "shard.tar", "averaging.shardBy=site", elsewhere).well().head());
    assertNotEquals(bySite.head(), train("manifest", "list.csv").well().head());
  }

  @Test
  void partitionsDoNotShow() throws IOException {
    Launch many = new Launch("local[4]", Map.of("spark.sql.shuffle.partitions", "17"), null);
    TinyJob there = job.on(many);
    Ended ended =
        there.verb(
            "train",
            "source.kind=manifest",
            "source.path=" + folder.resolve("list.csv"),
            "averaging.workers=3",
            "averaging.shardBy=site",
            "extract.partitions=5",
            "workspace=" + folder.resolve("of-many"));
    assertEquals(bySite.head(), ended.well().head());
  }

  @Test
  void theLabelIsAlwaysAColumn() throws IOException {
    Ended ended = train("folder", "pictures", "averaging.shardBy=label").well();
    assertNotEquals(bySite.head(), ended.head());
  }

  @Test
  void aColumnThatIsNotThereIsRefused() throws IOException {
    Ended ended = train("manifest", "list.csv", "averaging.shardBy=sites");
    assertEquals(2, ended.status());
    assertTrue(
        ended
            .err()
            .contains(
                "has no column 'sites', which the job uses (it has [label, path, site]). Did you mean 'site'?"),
        ended.err());
    Ended inFolder = train("folder", "pictures", "averaging.shardBy=site");
    assertEquals(2, inFolder.status());
    assertTrue(
        inFolder
            .err()
            .contains(
                "the job uses the column [site], and a folder has none but 'label'. Use a manifest, a table or tar shards."),
        inFolder.err());
  }
}
