package org.graft.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.common.Json;
import org.graft.fault.Faults;
import org.graft.fault.Faults.Operation;
import org.graft.job.Launch.Ended;
import org.graft.testing.Folders;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graft pack}, and that what it packed is as good as the folder. */
class PackTest {
  private static final int PICTURES = 60;
  private static final String SMALL = "shardBytes=10000";

  @TempDir static Path folder;
  private static TinyJob job;
  private static Ended fromFolder;
  private static Ended packed;

  @BeforeAll
  static void packOnce() throws IOException {
    job = TinyJob.in(folder, 31);
    Pictures.write(job.pictures(), 3, PICTURES / 3, 31);
    Files.move(
        Pictures.file(job.pictures(), 0, 0), job.pictures().resolve("class-000/Ω v1.2 %a.PNG"));
    fromFolder = job.run().well();
    Files.writeString(
        folder.resolve("pack.yaml"), "source: {kind: folder, path: pictures}\noutput: packed\n");
    packed = pack("packed", SMALL).well();
  }

  private static Ended pack(String output, String... settings) throws IOException {
    return pack(job.launch(), output, settings);
  }

  private static Ended pack(Launch launch, String output, String... settings) throws IOException {
    List<String> args = new ArrayList<>(List.of("pack", folder.resolve("pack.yaml").toString()));
    for (String setting : lines(settings)) {
      args.addAll(List.of("-s", setting));
    }
    args.addAll(List.of("-s", "output=" + folder.resolve(output)));
    return launch.run(args.toArray(String[]::new));
  }

  /** Two settings, to be taken apart by {@link #lines}. */
  private static String source(String kind, String path) {
    return "source.kind=%s%nsource.path=%s".formatted(kind, folder.resolve(path));
  }

  /** Three, of a table that was packed. */
  private static String table(String path) {
    return source("table", path) + "\nsource.contentColumn=content";
  }

  /** Room for one more. */
  private static String[] with(String... settings) {
    return Stream.concat(Stream.of(settings), Stream.of("last")).toArray(String[]::new);
  }

  private static String[] lines(String... settings) {
    return Stream.of(settings).flatMap(String::lines).toArray(String[]::new);
  }

  private static List<Path> files(String output) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(output))) {
      return files.sorted().toList();
    }
  }

  private static JsonNode seal(String output) throws IOException {
    return Json.mapper().readTree(folder.resolve(output).resolve("_pack.json").toFile());
  }

  private static SparkSession spark() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .getOrCreate();
  }

  /** By another reader than Graft's: member names to bytes, shard after shard. */
  private static Map<String, byte[]> members(String output) throws IOException {
    Map<String, byte[]> members = new TreeMap<>();
    for (Path file : files(output)) {
      if (file.toString().endsWith(".tar")) {
        try (TarFile tar = new TarFile(file)) {
          for (TarArchiveEntry entry : tar.getEntries()) {
            assertEquals(0, entry.getLastModifiedTime().toMillis());
            assertEquals("", entry.getUserName());
            members.put(entry.getName(), tar.getInputStream(entry).readAllBytes());
          }
        }
      }
    }
    return members;
  }

  @Test
  void everyPictureIsInAShardWithItsNameAndLabel() throws IOException {
    assertEquals(PICTURES, packed.count("indexed"));
    assertEquals(PICTURES, packed.count("packed"));
    assertEquals(0, packed.count("rejected"));
    Map<String, byte[]> members = members("packed");
    for (Path picture : Pictures.in(job.pictures())) {
      String name = job.pictures().relativize(picture).toString();
      String member = name.contains("Ω") ? "class-000/Ω v1_2 %a.png" : name;
      assertArrayEquals(Files.readAllBytes(picture), members.remove(member), member);
      byte[] label = members.remove(member.replaceFirst("\\.png$", ".cls"));
      assertEquals(picture.getParent().getFileName().toString(), new String(label, UTF_8));
    }
    assertEquals(List.of("class-000/Ω v1_2 %a.json"), List.copyOf(members.keySet()));
    assertEquals(
        "{\"path\":\"class-000/Ω v1.2 %a.PNG\"}",
        new String(members.values().iterator().next(), UTF_8));
  }

  @Test
  void shardsHaveAboutTheirSizeAndMixTheClasses() throws IOException {
    long shards = packed.count("shards");
    assertTrue(shards >= 5, shards + " shards");
    assertEquals(shards, seal("packed").get("shards").size());
    long bytes = 0;
    for (JsonNode shard : seal("packed").get("shards")) {
      Path file = folder.resolve("packed").resolve(shard.get("file").asText());
      assertEquals(Files.size(file), shard.get("bytes").asLong());
      bytes += Files.size(file);
      try (TarFile tar = new TarFile(file)) {
        long classes =
            tar.getEntries().stream().map(e -> e.getName().split("/", 2)[0]).distinct().count();
        assertTrue(classes > 1, file + " has one class");
      }
    }
    assertEquals(packed.count("bytes"), bytes);
    assertEquals("tar", seal("packed").get("kind").asText());
  }

  @Test
  void theSameSourceGivesTheSameBytesOnAnyClusterAndWhereverItLies(@TempDir Path elsewhere)
      throws IOException {
    Folders.copy(job.pictures(), elsewhere.resolve("p"));
    pack(Launch.on("local[1]"), "again", SMALL, "source.path=" + elsewhere.resolve("p")).well();
    assertEquals(seal("packed").get("shards"), seal("again").get("shards"));
    pack("seeded", SMALL, "seed=7").well();
    assertFalse(seal("packed").get("shards").equals(seal("seeded").get("shards")));
  }

  private void assertSameHead(String workspace, String... settings) throws IOException {
    String[] all = lines(with(settings));
    all[all.length - 1] = "workspace=" + folder.resolve(workspace);
    Ended ended = job.verb("train", all).well();
    assertEquals(PICTURES, ended.count("extracted"), ended.err());
    assertEquals(fromFolder.head(), ended.head());
  }

  @Test
  void tarShardsGiveTheHeadOfTheFolder() throws IOException {
    assertSameHead("tar-1", source("tar", "packed"), "extract.partitions=1");
    assertSameHead("tar-7", source("tar", "packed"), "extract.partitions=7", "extract.readers=3");
    assertSameHead("tar", source("tar", "packed"));
    Ended again =
        job.verb("train", lines(source("tar", "packed"), "workspace=" + folder.resolve("tar")));
    assertEquals(0, again.well().count("extracted"));
    assertEquals(PICTURES, again.count("reused"));
    assertTrue(again.err().contains(", as before"), "its index is used again");
  }

  @Test
  void aTableGivesTheHeadOfTheFolder() throws IOException {
    Ended table = pack("table", SMALL, "format=parquet").well();
    assertEquals(PICTURES, table.count("packed"));
    assertEquals(packed.count("shards"), table.count("shards"));
    String kind = table("table");
    assertSameHead("table-own-splits", kind);
    assertSameHead("table-3", kind, "extract.partitions=3");
    try (SparkSession spark = spark()) {
      List<Row> rows =
          spark.read().parquet(folder.resolve("table").toString()).orderBy("path").collectAsList();
      assertEquals(PICTURES, rows.size());
      assertEquals(
          List.of("path", "label", "split", "content"), List.of(rows.get(0).schema().fieldNames()));
      assertEquals("class-000/00001.png", rows.get(0).getString(0));
      assertEquals("class-000", rows.get(0).getString(1));
    }
  }

  @Test
  void packingShardsAgainToATableKeepsAll() throws IOException {
    pack("repacked", SMALL, source("tar", "packed"), "format=parquet").well();
    String kind = table("repacked");
    assertSameHead("repacked-workspace", kind);
    Ended back = pack("back", SMALL, kind, "format=tar").well();
    assertEquals(PICTURES, back.count("packed"));
    assertSameHead("back-workspace", source("tar", "back"));
  }

  @Test
  void scoringShardsGivesWhatScoringTheFolderGives() throws IOException {
    Map<String, Object> expected = predictions("from-folder");
    assertEquals(PICTURES, expected.size());
    assertEquals(expected, predictions("from-shards", source("tar", "packed")));
    assertEquals(
        expected, predictions("from-shards-1", source("tar", "packed"), "extract.partitions=1"));
    try (SparkSession spark = spark()) {
      String id =
          spark
              .read()
              .parquet(folder.resolve("from-shards").toString())
              .orderBy("id")
              .first()
              .getAs("id");
      assertTrue(id.matches(".*/packed/shard-000000\\.tar#class-.*\\.png"), id);
    }
  }

  /** Key to probabilities. */
  private static Map<String, Object> predictions(String output, String... settings)
      throws IOException {
    String[] all = lines(with(settings));
    all[all.length - 1] = "output=" + folder.resolve(output);
    job.score(all).well();
    Map<String, Object> predictions = new TreeMap<>();
    try (SparkSession spark = spark()) {
      for (Row row : spark.read().parquet(folder.resolve(output).toString()).collectAsList()) {
        predictions.put(row.getAs("key"), row.<Row>getList(row.fieldIndex("top")).toString());
      }
    }
    return predictions;
  }

  @Test
  void aCompletePackIsKeptAndAnUnfinishedOneDoneAgain() throws IOException {
    pack("kept", SMALL).well();
    Path shard = folder.resolve("kept/shard-000000.tar");
    Object before = Files.getLastModifiedTime(shard);
    Ended again = pack("kept", SMALL).well();
    assertEquals(PICTURES, again.count("packed"));
    assertEquals(before, Files.getLastModifiedTime(shard));
    assertTrue(again.out().get(0).endsWith(", as before"), again.out()::toString);

    Ended other = pack("kept", SMALL, "seed=3");
    assertEquals(2, other.status());
    assertTrue(
        other
            .err()
            .contains(
                "Cannot pack to %s: it holds a pack already, of another source or with other options."
                    .formatted(folder.resolve("kept"))),
        other.err());

    Path seal = folder.resolve("kept/_pack.json");
    Files.writeString(seal, Files.readString(seal).replace("true", "false"));
    Files.writeString(folder.resolve("kept/shard-000099.tar"), "half of an older one");
    assertRefused(
        "Cannot read source %s: graft pack has not finished it. Let it finish, or run it again.",
        "kept");
    pack("kept", SMALL).well();
    assertFalse(Files.exists(folder.resolve("kept/shard-000099.tar")));
    assertEquals(seal("packed").get("shards"), seal("kept").get("shards"));

    byte[] whole = Files.readAllBytes(shard);
    Files.write(shard, Arrays.copyOf(whole, whole.length - 512));
    assertRefused(
        "Cannot read source %s: shard shard-000000.tar has "
            + (whole.length - 512)
            + " bytes, but graft pack wrote "
            + whole.length
            + " bytes. Copy it again, or delete the folder and pack again.",
        "kept");
    Files.delete(shard);
    assertRefused("Cannot read source %s: shard shard-000000.tar is missing, but", "kept");
  }

  private static void assertRefused(String message, String output) throws IOException {
    Ended index =
        job.verb("index", lines(source("tar", output), "workspace=" + folder.resolve("no")));
    assertEquals(2, index.status());
    assertTrue(index.err().contains(message.formatted(folder.resolve(output))), index.err());
  }

  @Test
  void aDamagedShardEndsTheJobWithItsNameAndTheByte() throws IOException {
    Path damaged = Files.createDirectories(folder.resolve("damaged")).resolve("a.tar");
    byte[] whole = Files.readAllBytes(folder.resolve("packed/shard-000000.tar"));
    Files.write(damaged, Arrays.copyOf(whole, 3000));
    Ended ended =
        job.verb("run", lines(source("tar", "damaged"), "workspace=" + folder.resolve("none")));
    assertEquals(2, ended.status(), ended.err());
    String told = ended.summary().get("message").asText();
    assertTrue(told.startsWith("Cannot read shard " + damaged + ": at byte "), told);
    assertTrue(told.endsWith("Fetch or pack it again, or take it out of the source."), told);
    assertFalse(ended.err().contains("\tat "), ended.err());
  }

  @Test
  void outputsThatCannotBe() throws IOException {
    Path foreign = Files.createDirectories(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("thesis.txt"), "years of work");
    Ended refused = pack("foreign");
    assertEquals(2, refused.status());
    assertTrue(
        refused.err().contains("there are files that graft pack did not write"), refused.err());
    assertEquals(List.of(foreign.resolve("thesis.txt")), files("foreign"));
    Ended inside = pack("pictures/packed");
    assertEquals(2, inside.status());
    assertTrue(inside.err().contains("it is inside the source"), inside.err());
    Ended absent = pack("x", source("folder", "absent"));
    assertEquals(4, absent.status());
    Ended empty =
        pack("x", source("folder", Files.createDirectories(folder.resolve("e")).toString()));
    assertEquals(4, empty.status());
    assertTrue(empty.err().contains("there is no sample in it"), empty.err());
  }

  @Test
  void whatCannotBePackedIsRejectedCountedAndLimited(@TempDir Path own) throws IOException {
    List<String> lines = new ArrayList<>(List.of("path,label,split"));
    for (int i = 0; i < 6; i++) {
      Files.write(own.resolve(i + ".png"), Pictures.png(i % 3, 3, i, 5));
      lines.add(i + ".png,class-%d,%s".formatted(i % 3, i == 0 ? "val" : ""));
    }
    Files.createFile(own.resolve("empty.png"));
    Files.write(own.resolve("large.png"), new byte[200_000]);
    Files.writeString(own.resolve("text.doc"), "no picture");
    Files.write(own.resolve("a.picture"), Pictures.png(1, 3, 77, 5));
    for (String name :
        List.of("empty.png", "large.png", "text.doc", "a.picture", "absent.png", "../up.png")) {
      lines.add(name + ",class-0,");
    }
    lines.add("1.png,class-1,sometimes");
    lines.add("2.png,,");
    Files.write(own.resolve("list.csv"), lines);
    String source = source("manifest", own.resolve("list.csv").toString());
    Ended strict = pack("strict", source, "limits.bytes=100000");
    assertEquals(5, strict.status(), strict.err());
    assertEquals(
        List.of("_pack.json", "_rejected"),
        files("strict").stream().map(file -> file.getFileName().toString()).toList());

    Ended ended = pack("loose", source, "limits.bytes=100000", "limits.rejected=0.5").well();
    assertEquals(14, ended.count("indexed"));
    assertEquals(8, ended.count("packed"));
    assertEquals(6, ended.count("rejected"));
    try (SparkSession spark = spark()) {
      Map<String, String> reasons = new TreeMap<>();
      for (Row row :
          spark.read().parquet(folder.resolve("loose/_rejected").toString()).collectAsList()) {
        reasons.put(
            Path.of(row.<String>getAs("path")).getFileName().toString(), row.getAs("reason"));
      }
      assertEquals(
          Map.of(
              "empty.png", "EMPTY",
              "large.png", "TOO_LARGE",
              "text.doc", "UNSUPPORTED",
              "absent.png", "UNREADABLE",
              "up.png", "UNREADABLE",
              "1.png", "UNKNOWN_SPLIT"),
          reasons);
    }
    Map<String, byte[]> members = members("loose");
    assertEquals("{\"split\":\"validation\"}", new String(members.get("0.json"), UTF_8));
    assertTrue(members.containsKey("a_picture.png"), members.keySet()::toString);
    assertFalse(members.containsKey("2.cls") && members.containsKey("2~2.cls"));
    Ended index =
        job.verb(
            "index",
            lines(
                source("tar", "loose"),
                "workspace=" + folder.resolve("loose-workspace"),
                "limits.rejected=0.5"));
    assertEquals(8, index.well().count("indexed"));
    assertEquals(1, index.count("rejected"), "the one without a label");
  }

  @Test
  void aFullDiskLeavesNoPack() throws IOException {
    try (Faults faults = Faults.open()) {
      faults.fail(Operation.WRITE, ".*/full/.*", 3, Faults.NO_SPACE);
      Launch launch = new Launch("local[2]", faults.sparkSettings(), null);
      String output = "output=" + faults.path(folder.resolve("full"));
      String[] args = {"pack", folder.resolve("pack.yaml").toString(), "-s", output, "-s", SMALL};
      Ended full = launch.run(args);
      assertEquals(1, full.status());
      assertTrue(full.err().contains("Cannot write: the disk is full"), full.err());
      faults.heal();
      assertRefused("Cannot read source %s: graft pack has not finished it.", "full");
      launch.run(args).well();
      assertEquals(seal("packed").get("shards"), seal("full").get("shards"));
    }
  }
}
