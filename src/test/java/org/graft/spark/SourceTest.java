package org.graft.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sha2;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.common.Digest;
import org.graft.common.ExitCode;
import org.graft.common.LocalStorage;
import org.graft.common.UserError;
import org.graft.sample.DatasetCard;
import org.graft.sample.DayRange;
import org.graft.sample.SampleSource;
import org.graft.sample.SampleSource.Folder;
import org.graft.sample.SampleSource.Manifest;
import org.graft.sample.SampleSource.Table;
import org.graft.sample.SampleSource.Tar;
import org.graft.sample.Split;
import org.graft.sample.Splitter;
import org.graft.spark.tar.PackedSample;
import org.graft.spark.tar.TarShardWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index of every kind of source, with all that may be wrong or odd about it. */
class SourceTest {
  private static final long MOST_BYTES = 100;
  private static SparkSession spark;
  private static Session session;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
    session = new Session(spark);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private void file(String path, String content) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private Index index(SampleSource source, boolean multiLabel, String... labels)
      throws IOException {
    IndexOptions options =
        new IndexOptions(
            source, multiLabel, List.of(labels), new Splitter(0.6, 0.2, 42), MOST_BYTES);
    String run = "run-" + UUID.randomUUID();
    return new Indexer(session, new Workspace(folder + "/.ws"))
        .index(options, run, folder + "/.ws/" + run);
  }

  private Index index(SampleSource source) throws IOException {
    return index(source, false);
  }

  private Manifest manifest(String name) {
    return new Manifest(folder + "/" + name, "path", "label", "split", "|");
  }

  private String refusal(ExitCode exitCode, SampleSource source) {
    UserError e = assertThrows(UserError.class, () -> index(source));
    assertEquals(exitCode, e.exitCode(), e.getMessage());
    return e.getMessage().replace(folder.toString(), "FOLDER");
  }

  /** Path below the folder to what {@code column} says, sorted. */
  private Map<String, String> column(Dataset<Row> rows, String column) {
    Map<String, String> values = new TreeMap<>();
    for (Row row : rows.selectExpr("path", "cast(" + column + " as string)").collectAsList()) {
      values.put(row.getString(0).replace(folder + "/", ""), row.getString(1));
    }
    return values;
  }

  private Map<String, String> labels(Index index) {
    return column(index.samples(), "labels");
  }

  private Map<String, String> rejected(Index index) {
    String rows = new Workspace(folder + "/.ws").index(index.card().fingerprint()) + "/rows";
    Dataset<Row> all = Tables.read(spark, SampleHashing.SCHEMA, rows);
    return column(all.filter("reason is not null"), "concat(reason, ': ', detail)");
  }

  @Test
  void inAFolderTheFirstFolderIsTheClass() throws IOException {
    file("cat/a.jpg", "1");
    file("cat/deep/er/b.jpg", "2");
    file("dog/50% of #1 [x]*{y}?é 犬 a+b.jpg", "3");
    file("a cat/c.jpg", "4");
    file("dog/.hidden.jpg", "5");
    file(".later/d.jpg", "6");
    file("cat/.git/e.jpg", "7");
    file("README.txt", "8");
    file("dog/empty.jpg", "");
    file("dog/large.jpg", "9".repeat((int) MOST_BYTES + 1));
    file("dog/full.jpg", "9".repeat((int) MOST_BYTES));
    Index index = index(new Folder(folder.toString()));
    assertEquals(
        Map.of(
            "a cat/c.jpg", "[a cat]",
            "cat/a.jpg", "[cat]",
            "cat/deep/er/b.jpg", "[cat]",
            "dog/50% of #1 [x]*{y}?é 犬 a+b.jpg", "[dog]",
            "dog/full.jpg", "[dog]"),
        labels(index));
    assertEquals(
        Map.of(
            "README.txt",
                "UNKNOWN_LABEL: it has no label: put it into a class folder, or fill the label column",
            "dog/empty.jpg", "EMPTY: it has 0 bytes",
            "dog/large.jpg", "TOO_LARGE: it has more than 100 bytes (limits.bytes)"),
        rejected(index));
    assertEquals(List.of("a cat", "cat", "dog"), index.card().labels());
    assertEquals(
        index.card().perLabel(),
        index(new Folder("file://" + folder + "/")).card().perLabel(),
        "a slash at the end");
  }

  @Test
  void foldersThatCannotBe() throws IOException {
    Files.createDirectories(folder.resolve("none"));
    assertEquals(
        "Cannot index FOLDER/none: there is no file in it. Put pictures into a folder for each"
            + " class: FOLDER/none/CLASS/picture.jpg",
        refusal(ExitCode.NOT_THERE, new Folder(folder + "/none")));
    assertEquals(
        "Cannot read source FOLDER/absent: there is nothing there. Set source.path to a folder, a"
            + " manifest, a table or a tar shard.",
        refusal(ExitCode.NOT_THERE, new Folder(folder + "/absent")));
    file("some/cat/a.jpg", "1");
    assertTrue(
        refusal(ExitCode.BAD_INPUT, new Folder(folder + "/some/cat/a.jpg"))
            .startsWith(
                "Cannot read source FOLDER/some/cat/a.jpg: it is a file, and source.kind is folder."
                    + " Set source.kind to manifest"));
    Files.createDirectories(folder.resolve("some/dog"));
    assertEquals(
        "Cannot train class 'dog': there is no file in FOLDER/some/dog. Add pictures, or remove"
            + " the folder.",
        refusal(ExitCode.BAD_INPUT, new Folder(folder + "/some")));
    Files.createDirectories(folder.resolve("some/eel"));
    assertTrue(
        refusal(ExitCode.BAD_INPUT, new Folder(folder + "/some"))
            .startsWith("Cannot train classes [dog, eel]: there is no file in FOLDER/some/dog."));
  }

  @Test
  void csvAsSpreadsheetsWriteIt() throws IOException {
    file("a, b.jpg", "1");
    file("say \"x\".jpg", "2");
    file("c.jpg", "3");
    file("d/010.jpg", "4");
    file(
        "m [1].csv",
        "\ufeffpath, label ,split\r\n"
            + "\"a, b.jpg\",\"big, cat\",train\r\n"
            + "\"say \"\"x\"\".jpg\", dog ,\r\n"
            + " c.jpg ,dog,TEST\r\n"
            + "./d//010.jpg,010,val\r\n"
            + "absent.jpg,dog,\r\n"
            + "c.jpg,,\r\n"
            + ",dog,\r\n");
    Index index = index(manifest("m [1].csv"));
    assertEquals(
        Map.of(
            "a, b.jpg", "[big, cat]",
            "say \"x\".jpg", "[dog]",
            "c.jpg", "[dog]",
            "d/010.jpg", "[010]"),
        labels(index));
    Map<String, String> rejected = rejected(index);
    assertEquals("UNREADABLE: its row has no path", rejected.get(""));
    assertTrue(rejected.get("c.jpg").startsWith("UNKNOWN_LABEL: it has no label"));
    assertEquals(
        "UNREADABLE: Cannot read %s/absent.jpg: there is no such file".formatted(folder),
        rejected.get("absent.jpg"));
    assertEquals(7, index.card().indexed());
  }

  @Test
  void columnsThatAreNotThereAreNamedWithTheNearest() throws IOException {
    file("m.csv", "pth,label\na.jpg,cat\n");
    assertEquals(
        "Cannot read FOLDER/m.csv: it has no column 'path' (it has [pth, label]). Did you mean"
            + " 'pth'? Set source.pathColumn.",
        refusal(ExitCode.BAD_INPUT, manifest("m.csv")));
    file("n.csv", "path,lable\na.jpg,cat\n");
    assertEquals(
        "Cannot read FOLDER/n.csv: it has no column 'label' (it has [path, lable]). Did you mean"
            + " 'lable'? Set source.labelColumn.",
        refusal(ExitCode.BAD_INPUT, manifest("n.csv")));
    file("m.txt", "path,label\n");
    assertEquals(
        "Cannot read manifest FOLDER/m.txt: its name must end in .csv, .jsonl or .ndjson.",
        refusal(ExitCode.BAD_INPUT, manifest("m.txt")));
    file("nothing.csv", "");
    assertTrue(
        refusal(ExitCode.BAD_INPUT, manifest("nothing.csv"))
            .contains("no column 'path' (it has [])"));
  }

  @Test
  void splitsOfTheManifestCount() throws IOException {
    String[] names = {"train", " Training", "val", "VALID", "dev", "validation", "test", "tset"};
    StringBuilder csv = new StringBuilder("path,label,split\n");
    for (int i = 0; i < names.length; i++) {
      file(i + ".jpg", "content " + i);
      csv.append(i + ".jpg,cat," + names[i] + "\n");
    }
    file("m.csv", csv.toString());
    Index index = index(manifest("m.csv"));
    assertEquals(2, index.card().count(Split.TRAIN));
    assertEquals(4, index.card().count(Split.VALIDATION));
    assertEquals(1, index.card().count(Split.TEST));
    assertEquals(
        Map.of("7.jpg", "UNKNOWN_SPLIT: split 'tset' is none of train, validation and test"),
        rejected(index));
  }

  @Test
  void pathsThatLeaveTheFolderAreNotRead() throws IOException {
    Path secret = Files.createTempFile("secret", ".jpg");
    Files.writeString(secret, "secret");
    file("in/a.jpg", "1");
    file(
        "in/m.jsonl",
        """
        {"path": "../%1$s", "label": "cat"}
        {"path": "x/../../../%1$s", "label": "cat"}
        {"path": "%2$s", "label": "cat"}
        {"path": "file://%2$s", "label": "cat"}
        {"path": "s3a://bucket/x", "label": "cat"}
        {"path": "x/../a.jpg", "label": "cat"}
        {"path": ".", "label": "cat"}
        """
            .formatted(secret.getFileName(), secret));
    Index index = index(new Manifest(folder + "/in/m.jsonl", "path", "label", "split", "|"));
    Files.delete(secret);
    assertEquals(Map.of("in/a.jpg", "[cat]"), labels(index));
    Map<String, String> rejected = rejected(index);
    assertEquals(6, rejected.size());
    assertEquals(
        "UNREADABLE: Cannot read %s/in: it is a folder".formatted(folder), rejected.remove("in/"));
    rejected.forEach(
        (path, why) ->
            assertEquals(
                "UNREADABLE: its path leads out of the source's folder: use paths inside it", why));
  }

  @Test
  void labelsOfManyKinds() throws IOException {
    for (int i = 0; i < 7; i++) {
      file(i + ".jpg", "content " + i);
    }
    file(
        "m.jsonl",
        """
        {"path": "0.jpg", "label": ["dog", "cat", "dog"]}
        {"path": "1.jpg", "label": []}
        {"path": "2.jpg", "label": null}
        {"path": "3.jpg", "label": ["cat", null]}
        {"path": "4.jpg", "label": ["cat", " "]}
        """);
    Index json = index(manifest("m.jsonl"), true);
    assertEquals(Map.of("0.jpg", "[cat, dog]", "1.jpg", "[]"), labels(json));
    assertEquals(
        Map.of(
            "2.jpg",
                "UNKNOWN_LABEL: it has no label: fill the label column (an empty list, or a separator"
                    + " alone, means none)",
            "3.jpg", "UNKNOWN_LABEL: one of its labels is empty",
            "4.jpg", "UNKNOWN_LABEL: one of its labels is empty"),
        rejected(json));
    assertEquals(
        "UNKNOWN_LABEL: it has the labels [cat, dog]: set multiLabel: true to allow that",
        rejected(index(manifest("m.jsonl"))).get("0.jpg"));
    file("m.csv", "path,label\n0.jpg,dog | cat||eel\n1.jpg,|\n2.jpg,eal\n");
    Index csv = index(manifest("m.csv"), true, "cat", "dog", "eel", "owl");
    assertEquals(Map.of("0.jpg", "[cat, dog, eel]", "1.jpg", "[]"), labels(csv));
    assertEquals(List.of("cat", "dog", "eel", "owl"), csv.card().labels());
    assertEquals(
        Map.of(
            "2.jpg",
            "UNKNOWN_LABEL: label 'eal' is none of the 4 in 'labels'. Did you mean 'eel'?"),
        rejected(csv));
  }

  @Test
  void aLineThatIsNoJsonIsShown() throws IOException {
    file("m.jsonl", "{\"path\": \"a.jpg\", \"label\": \"cat\"}\n{\"path\": \"b.jpg\", \n");
    assertEquals(
        "Cannot read manifest FOLDER/m.jsonl: a line is no JSON object: {\"path\": \"b.jpg\", ",
        refusal(ExitCode.BAD_INPUT, manifest("m.jsonl")));
  }

  @Test
  void tablesHoldBytesOrPaths() throws IOException {
    file("sub/a.jpg", "1");
    spark
        .sql(
            "select * from values ('sub/a.jpg', 'cat', X'AB'), ('b.jpg', 'dog', X''),"
                + " ('c.jpg', 'dog', null) as t(path, label, bytes)")
        .coalesce(1)
        .write()
        .mode("append")
        .parquet(folder + "/t");
    Index paths = index(new Table(folder + "/t", "", "path", "label", "split"));
    assertEquals(Map.of("sub/a.jpg", "[cat]"), labels(paths));
    assertEquals(List.of("b.jpg", "c.jpg"), List.copyOf(rejected(paths).keySet()));
    Index bytes = index(new Table(folder + "/t", "bytes", "path", "label", "split"));
    assertEquals(Map.of("sub/a.jpg", "[cat]"), labels(bytes));
    assertEquals(
        Map.of("b.jpg", "EMPTY: it has 0 bytes", "c.jpg", "EMPTY: it has 0 bytes"),
        rejected(bytes));
    assertEquals(
        "Cannot read table FOLDER/t: column 'label' is string, but source.contentColumn must be"
            + " binary.",
        refusal(ExitCode.BAD_INPUT, new Table(folder + "/t", "label", "path", "label", "split")));
    assertEquals(
        "Cannot read FOLDER/t: it has no column 'byte' (it has [path, label, bytes]). Did you mean"
            + " 'bytes'? Set source.contentColumn.",
        refusal(ExitCode.BAD_INPUT, new Table(folder + "/t", "byte", "path", "label", "split")));
    file("text.parquet", "Dear reader, this is a text");
    assertEquals(
        "Cannot read table FOLDER/text.parquet: it is no Parquet file or folder of them. Correct"
            + " source.path, or set source.kind.",
        refusal(
            ExitCode.BAD_INPUT, new Table(folder + "/text.parquet", "", "path", "label", "split")));
  }

  @Test
  void equalBytesCountOnceAndTheFirstPathsLabelWins() throws IOException {
    file("p/cat/b.jpg", "same");
    file("p/dog/a.jpg", "same");
    file("p/dog/z.jpg", "same");
    file("p/eel/1.jpg", "other");
    file("p/eel/2.jpg", "other");
    for (int i = 0; i < 2; i++) {
      DatasetCard card = index(new Folder(folder + "/p")).card();
      assertEquals(5, card.indexed());
      assertEquals(2, card.samples());
      assertEquals(3, card.duplicates());
      assertEquals(1, card.conflicts());
      assertEquals(List.of(folder + "/p/cat/b.jpg"), card.conflictExamples());
      file("p/eel/3.jpg", "other");
      Files.deleteIfExists(folder.resolve("p/eel/1.jpg"));
    }
    Map<String, String> labels = labels(index(new Folder(folder + "/p")));
    assertEquals(Map.of("p/cat/b.jpg", "[cat]", "p/eel/2.jpg", "[eel]"), labels);
  }

  @Test
  void samplesStayInTheirSplitsWhateverIsAddedOrRenamed() throws IOException {
    for (int i = 0; i < 200; i++) {
      file("p/%s/%03d.jpg".formatted(i % 4 == 0 ? "rare" : "often", i), "content " + i);
    }
    Index before = index(new Folder(folder + "/p"));
    Map<String, String> splits = splits(before);
    DatasetCard card = before.card();
    for (Split split : Split.values()) {
      long counted = splits.values().stream().filter(split.id()::equals).count();
      assertEquals(counted, card.count(split));
      assertEquals(counted, card.count("rare", split) + card.count("often", split));
    }
    // 60 % of 200, give or take three standard deviations
    assertTrue(Math.abs(card.count(Split.TRAIN) - 120) <= 20, () -> "train: " + card);
    for (int i = 200; i < 240; i++) {
      file("p/new/%03d.jpg".formatted(i), "content " + i);
    }
    Files.move(folder.resolve("p/rare"), folder.resolve("p/seldom"));
    Map<String, String> after = splits(index(new Folder(folder + "/p")));
    assertEquals(240, after.size());
    assertTrue(after.entrySet().containsAll(splits.entrySet()));
  }

  private Index ofDays(SampleSource source, String since, String until) throws IOException {
    IndexOptions options =
        new IndexOptions(
            source,
            false,
            List.of(),
            new Splitter(0.6, 0.2, 42),
            MOST_BYTES,
            List.of(),
            true,
            false,
            new DayRange("date", since, until));
    return new Indexer(session, new Workspace(folder + "/.ws"))
        .index(options, "run-" + UUID.randomUUID(), folder + "/.ws/rejects");
  }

  @Test
  void onlyTheDaysThatAreWantedAreTaken() throws Exception {
    file("d/date=2026-01-01/cat/1.jpg", "1");
    file("d/date=2026-01-02/dog/2.jpg", "2");
    file("d/date=2026-01-03/cat/3.jpg", "3");
    file("d/owl/4.jpg", "4");
    Index folders = ofDays(new Folder(folder + "/d"), "2026-01-02", "2026-01-03");
    assertEquals(
        Map.of("d/date=2026-01-02/dog/2.jpg", "[dog]", "d/date=2026-01-03/cat/3.jpg", "[cat]"),
        labels(folders));
    file(
        "m.csv",
        """
        path,label,date
        d/date=2026-01-01/cat/1.jpg,a,2026-01-01
        d/date=2026-01-02/dog/2.jpg,b,2026-01-02
        d/owl/4.jpg,c,
        d/owl/4.jpg,c,no day
        """);
    assertEquals(
        Map.of("d/date=2026-01-01/cat/1.jpg", "[a]"),
        labels(ofDays(manifest("m.csv"), "", "2026-01-01")));
    spark
        .sql(
            "select * from values ('1', 'cat', X'A1', '2026-01-01'), ('2', 'dog', X'A2',"
                + " '2026-01-02') as t(path, label, bytes, date)")
        .write()
        .partitionBy("date")
        .parquet(folder + "/hive");
    Table hive = new Table(folder + "/hive", "bytes", "path", "label", "split");
    assertEquals(Map.of("2", "[dog]"), labels(ofDays(hive, "2026-01-02", "")));
    shard("s/date=2026-01-01/a.tar", sample("x.jpg", "1", null, "cat"));
    shard("s/date=2026-01-02/a.tar", sample("y.jpg", "2", null, "dog"));
    assertEquals(1, ofDays(tar("s"), "2026-01-02", "2026-01-02").card().indexed());
    for (SampleSource source :
        List.of(new Folder(folder + "/d"), manifest("m.csv"), hive, tar("s"))) {
      UserError none = assertThrows(UserError.class, () -> ofDays(source, "2027-01-01", ""));
      assertEquals(ExitCode.NOT_THERE, none.exitCode());
      assertEquals(
          "Cannot read source %s: it has nothing of date 2027-01-01 to the last. Wait for it, or correct 'partitions'."
              .formatted(source.path()),
          none.getMessage());
    }
    file("n.csv", "path,label,dat\na.jpg,cat,x\n");
    UserError column =
        assertThrows(UserError.class, () -> ofDays(manifest("n.csv"), "2027-01-01", ""));
    assertTrue(
        column.getMessage().endsWith("Did you mean 'dat'? Set partitions.column."),
        column.getMessage());
  }

  private static Map<String, String> splits(Index index) {
    Map<String, String> splits = new TreeMap<>();
    index
        .samples()
        .select("key", "split")
        .collectAsList()
        .forEach(row -> splits.put(row.getString(0), row.getString(1)));
    return splits;
  }

  private void shard(String path, PackedSample... samples) throws Exception {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    try (TarShardWriter shard = new TarShardWriter(Files.newOutputStream(file))) {
      for (PackedSample sample : samples) {
        shard.add(sample);
      }
    }
  }

  private static PackedSample sample(String name, String content, String split, String... labels) {
    return new PackedSample(name, List.of(labels), split, content.getBytes(UTF_8));
  }

  private Tar tar(String path) {
    return new Tar(folder + "/" + path, "label", "split");
  }

  @Test
  void shardsOfAFolderAreOneSource() throws Exception {
    shard("t/a#1.tar", sample("x.jpg", "1", null, "cat"), sample("y.jpg", "2", "val", "dog"));
    shard(
        "t/deep/b.TAR",
        sample("x.jpg", "3", null, "cat"),
        sample("large.jpg", "9".repeat((int) MOST_BYTES + 1), null, "cat"),
        sample("empty.jpg", "", null, "cat"),
        sample("two.jpg", "4", "sometimes", "cat"));
    file("t/README.txt", "Dear reader");
    file("t/_temporary/c.tar", "not yet");
    file("t/.hidden.tar", "not ever");
    Index index = index(tar("t"));
    assertEquals(
        Map.of(
            "t/a#1.tar#x.jpg", "[cat]", "t/a#1.tar#y.jpg", "[dog]", "t/deep/b.TAR#x.jpg", "[cat]"),
        labels(index));
    assertEquals(
        Map.of(
            "t/deep/b.TAR#large.jpg", "TOO_LARGE: it has more than 100 bytes (limits.bytes)",
            "t/deep/b.TAR#empty.jpg", "EMPTY: it has 0 bytes",
            "t/deep/b.TAR#two.jpg",
                "UNKNOWN_SPLIT: split 'sometimes' is none of train, validation and test"),
        rejected(index));
    assertEquals("validation", column(index.samples(), "split").get("t/a#1.tar#y.jpg"));
    for (Row row : index.samples().collectAsList()) {
      byte[] bytes =
          new LocalStorage()
              .read(row.getAs("shard"), row.getAs("offset"), (int) (long) row.<Long>getAs("bytes"));
      assertEquals(row.<String>getAs("key"), Digest.of(bytes));
    }
    assertTrue(index(tar("t")).reused(), "nothing changed");
    assertEquals(2, index(tar("t/a#1.tar")).card().indexed());
    shard("t/c.tar", sample("x.jpg", "5", null, "cat"));
    assertEquals(7, index(tar("t")).card().indexed());
  }

  @Test
  void shardsMayHoldManyLabelsOrNone() throws Exception {
    shard(
        "m.tar",
        sample("a.jpg", "1", null, "dog", "cat"),
        sample("b.jpg", "2", null),
        new PackedSample("sub/c.jpg", null, null, "3".getBytes(UTF_8)));
    Index many = index(tar("m.tar"), true);
    assertEquals(Map.of("m.tar#a.jpg", "[cat, dog]", "m.tar#b.jpg", "[]"), labels(many));
    assertTrue(rejected(many).get("m.tar#sub/c.jpg").startsWith("UNKNOWN_LABEL: it has no label"));
    Map<String, String> single = rejected(index(tar("m.tar")));
    assertEquals(
        "UNKNOWN_LABEL: it has the labels [cat, dog]: set multiLabel: true to allow that",
        single.get("m.tar#a.jpg"));
    assertTrue(single.get("m.tar#b.jpg").startsWith("UNKNOWN_LABEL: it has no label"));
  }

  @Test
  void shardsThatCannotBeRead() throws Exception {
    file("none/README.txt", "nothing here");
    assertEquals(
        "Cannot read source FOLDER/none: there is no .tar file in it. Correct source.path, or set"
            + " source.kind.",
        refusal(ExitCode.NOT_THERE, tar("none")));
    assertTrue(
        refusal(ExitCode.NOT_THERE, tar("absent")).startsWith("Cannot read source FOLDER/absent:"));
    file("zipped/a.tar.gz", "1");
    assertTrue(
        refusal(ExitCode.BAD_INPUT, tar("zipped"))
            .startsWith("Cannot read shard FOLDER/zipped/a.tar.gz: it is compressed, so"));
    shard("cut/a.tar", sample("x.jpg", "1", null, "cat"), sample("y.jpg", "2", null, "cat"));
    Path file = folder.resolve("cut/a.tar");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 2048));
    Exception e = assertThrows(Exception.class, () -> index(tar("cut")));
    assertTrue(
        allMessages(e)
            .contains(
                "UserError: Cannot read shard %s: at byte 2048 it is damaged (it ends without tar's end mark"
                    .formatted(file)),
        allMessages(e));
  }

  private static String allMessages(Throwable e) {
    StringBuilder all = new StringBuilder();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      all.append(cause).append('\n');
    }
    return all.toString();
  }

  @Test
  void rowsOfATableAreFoundAgainByTheirPlaceAndChangesAreSeen() throws Exception {
    String rows = "select concat('n', id) as path, 'cat' as label, cast(%s as binary) as bytes";
    spark
        .range(40)
        .selectExpr("id % 37 as id") // three are there twice
        .createOrReplaceTempView("ids");
    spark
        .sql(rows.formatted("concat('content ', id)") + " from ids")
        .repartition(3)
        .write()
        .parquet(folder + "/t");
    Table table = new Table(folder + "/t", "bytes", "path", "label", "split");
    Index index = index(table);
    Dataset<Row> some = index.samples().filter("path > 'n2'");
    List<Row> found = new Contents(session).of(some, table).collectAsList();
    assertEquals(some.count(), found.size());
    assertTrue(found.size() > 10 && found.size() < 37, found.size() + " rows");
    for (Row row : found) {
      assertEquals(row.<String>getAs("key"), Digest.of(row.<byte[]>getAs("content")));
    }
    assertEquals(
        some.select("key").as(Encoders.STRING()).collectAsList().stream().sorted().toList(),
        found.stream().map(row -> row.<String>getAs("key")).sorted().toList());

    Dataset<Row> others = index.samples().withColumn("key", sha2(col("key"), 256));
    for (Row row : new Contents(session).of(others, table).collectAsList()) {
      assertEquals(16, row.<String>getAs("key").length(), "not the key of any bytes");
    }
  }

  @Test
  void aFewSamplesOfEverySourceAreAnIndexAndAllAreCounted() throws Exception {
    StringBuilder csv = new StringBuilder("path,label\n");
    List<PackedSample> packed = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String label = i % 2 == 0 ? "cat" : "dog";
      file("f/%s/%02d.jpg".formatted(label, i), "picture " + i);
      csv.append("f/%s/%02d.jpg,%s\n".formatted(label, i, label));
      packed.add(sample(i + ".jpg", "picture " + i, null, label));
      rows.add(RowFactory.create(i + ".jpg", label, ("picture " + i).getBytes(UTF_8)));
    }
    file("m.csv", csv.toString());
    shard("t/a.tar", packed.toArray(PackedSample[]::new));
    spark
        .createDataFrame(
            rows,
            new StructType()
                .add("path", DataTypes.StringType)
                .add("label", DataTypes.StringType)
                .add("bytes", DataTypes.BinaryType))
        .write()
        .parquet(folder + "/p");
    Table table = new Table(folder + "/p", "bytes", "path", "label", "split");
    for (SampleSource source :
        List.of(new Folder(folder + "/f"), manifest("m.csv"), tar("t"), table)) {
      Sampled few = sampled(source, 10);
      assertEquals(40.0, (double) few.rows(), few.exact() ? 0 : 8, source::toString);
      assertEquals(!(source instanceof Tar), few.exact(), source::toString);
      assertEquals(10, few.first().card().samples(), source::toString);
      assertEquals(10, few.second().card().samples(), source::toString);
      assertEquals(List.of("cat", "dog"), few.first().card().labels(), source::toString);
      assertTrue(few.hashSeconds() > 0 && few.hashSeconds() < few.indexSeconds(), few::toString);
      assertEquals(40, sampled(source, 100).first().card().samples(), source::toString);
    }
    Sampled spread = sampled(new Folder(folder + "/f"), 10);
    assertEquals(
        Map.of("cat", 5L, "dog", 5L),
        Map.of(
            "cat", spread.first().where("array_contains(labels, 'cat')").samples().count(),
            "dog", spread.first().where("array_contains(labels, 'dog')").samples().count()));
    assertEquals(
        0, spread.first().samples().join(spread.second().samples(), "key").count(), "other ones");
  }

  private Sampled sampled(SampleSource source, int most) throws IOException {
    IndexOptions options =
        new IndexOptions(source, false, List.of(), new Splitter(0.6, 0.2, 42), MOST_BYTES);
    String run = UUID.randomUUID().toString();
    return new Indexer(session, new Workspace(folder + "/.ws/" + run))
        .sampled(options, most, folder + "/.ws/" + run + "/rejects");
  }
}
