package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.bundle.BundleReader;
import org.graft.common.Digest;
import org.graft.common.LocalStorage;
import org.graft.head.TrainedHead;
import org.graft.job.Launch.Ended;
import org.graft.testing.Folders;
import org.graft.testing.Pictures;
import org.graft.testing.Stored;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scoring with a copy of the bundle, after all else that made it is gone. */
class ScoreTest {
  private static final int PICTURES = 60;
  private static final String KEYS = "src/test/resources/golden/bundle";

  @TempDir static Path folder;
  private static final Map<String, float[]> features = new TreeMap<>();
  private static final Map<String, String> splits = new TreeMap<>();
  private static TinyJob single;
  private static TinyJob multi;

  @BeforeAll
  static void publishAndKeepOnlyTheBundles() throws IOException {
    single = TinyJob.in(folder.resolve("single"), 11);
    Pictures.write(single.pictures(), 3, PICTURES / 3, 11);
    Ended published = single.run("publish.signingKey=" + KEYS + "/signer.pem").well();
    multi = TinyJob.in(folder.resolve("multi"), 11);
    Folders.copy(single.pictures(), multi.pictures());
    manifest(multi.folder());
    multi
        .run(
            "source.kind=manifest",
            "source.path=" + multi.folder() + "/list.csv",
            "multiLabel=true")
        .well();
    try (SparkSession spark = spark()) {
      features.putAll(new Stored(spark).features(Path.of(published.path("features"))));
      splits.putAll(new Stored(spark).splits(single.workspace()));
    }
    keepTheBundle(single, published.path("bundle"));
    keepTheBundle(multi, multi.workspace().resolve("models/tiny/1").toString());
  }

  /** Every picture has its class, and every third one the label "third" as well. */
  private static void manifest(Path root) throws IOException {
    StringBuilder csv = new StringBuilder("path,label\n");
    List<Path> files = Pictures.in(root.resolve("pictures"));
    for (int i = 0; i < files.size(); i++) {
      csv.append(root.relativize(files.get(i)))
          .append(',')
          .append(files.get(i).getParent().getFileName())
          .append(i % 3 == 0 ? "|third\n" : "\n");
    }
    Files.writeString(root.resolve("list.csv"), csv);
  }

  private static void keepTheBundle(TinyJob job, String bundle) throws IOException {
    Folders.copy(Path.of(bundle), job.folder().resolve("bundle"));
    Folders.delete(job.workspace());
    Files.delete(job.folder().resolve("weights.zip"));
    Files.delete(job.folder().resolve("card.json"));
  }

  private static SparkSession spark() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .getOrCreate();
  }

  private static List<Row> rows(Path parquet) {
    try (SparkSession spark = spark()) {
      return spark.read().parquet(parquet.toString()).collectAsList();
    }
  }

  private static TrainedHead head(TinyJob job) throws IOException {
    return new BundleReader(new LocalStorage())
        .read(job.folder().resolve("bundle").toString())
        .content()
        .head();
  }

  private static Ended score(TinyJob job, Path output, String... settings) throws IOException {
    String[] all = Arrays.copyOf(settings, settings.length + 2);
    all[settings.length] = "bundle=" + job.folder().resolve("bundle");
    all[settings.length + 1] = "output=" + output;
    return job.score(all);
  }

  /** The very bits of the evaluation: its head on the stored features. */
  private static void assertProbabilities(TrainedHead head, Row row) {
    float[] expected = head.probabilities(features.get(row.<String>getAs("key")));
    float[] got = new float[expected.length];
    List<Row> top = row.getList(row.fieldIndex("top"));
    assertEquals(expected.length, top.size());
    for (Row ranked : top) {
      got[head.labels().index(ranked.getString(0)).orElseThrow()] = ranked.getFloat(1);
    }
    assertArrayEquals(expected, got);
    for (int i = 1; i < top.size(); i++) {
      assertTrue(top.get(i - 1).getFloat(1) >= top.get(i).getFloat(1));
    }
    assertEquals(top.get(0).getString(0), row.getAs("label"));
    assertEquals(top.get(0).getFloat(1), row.<Float>getAs("probability"));
  }

  @Test
  void givesTheProbabilitiesOfTheEvaluationBitForBit(@TempDir Path own) throws IOException {
    Ended ended = score(single, own.resolve("out")).well();
    assertEquals(PICTURES, ended.count("scored"));
    assertEquals(0, ended.count("rejected"));
    assertEquals(own.resolve("out").toString(), ended.path("predictions"));
    List<Row> rows = rows(own.resolve("out"));
    assertEquals(
        List.of("id", "key", "label", "probability", "labels", "top"),
        List.of(rows.get(0).schema().fieldNames()));
    assertEquals(PICTURES, rows.stream().map(row -> row.<String>getAs("id")).distinct().count());
    TrainedHead head = head(single);
    int test = 0;
    for (Row row : rows) {
      Path picture = Path.of(row.<String>getAs("id"));
      assertEquals(Digest.of(Files.readAllBytes(picture)), row.getAs("key"));
      assertProbabilities(head, row);
      assertEquals(List.of(row.<String>getAs("label")), row.getList(row.fieldIndex("labels")));
      test += splits.get(row.<String>getAs("key")).equals("test") ? 1 : 0;
    }
    assertTrue(test > 5, test + " test samples");
  }

  @Test
  void manyLabelsAreThoseOfHalfAndMore(@TempDir Path own) throws IOException {
    score(multi, own.resolve("out"), "topK=9", "extract.partitions=3").well();
    List<Row> rows = rows(own.resolve("out"));
    assertEquals(PICTURES, rows.size());
    TrainedHead head = head(multi);
    assertEquals(4, head.labels().size());
    Map<Integer, Long> sizes = new HashMap<>();
    for (Row row : rows) {
      assertProbabilities(head, row);
      List<String> given = row.getList(row.fieldIndex("labels"));
      assertEquals(
          row.<Row>getList(row.fieldIndex("top")).stream()
              .filter(ranked -> ranked.getFloat(1) >= 0.5f)
              .map(ranked -> ranked.getString(0))
              .collect(Collectors.toSet()),
          Set.copyOf(given));
      sizes.merge(given.size(), 1L, Long::sum);
    }
    assertTrue(sizes.containsKey(1), "labels a picture: " + sizes);
  }

  @Test
  void whatCannotBeReadIsKeptAndCounted(@TempDir Path own) throws IOException {
    Path pictures = own.resolve("pictures/any");
    Files.createDirectories(pictures);
    for (int i = 0; i < 4; i++) {
      Files.write(pictures.resolve(i + ".png"), Pictures.png(1, 3, 900 + i, 11));
    }
    byte[] whole = Pictures.png(2, 3, 77, 11);
    Files.write(pictures.resolve("torn.png"), Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(pictures.resolve("text.png"), "no picture");
    Files.createFile(pictures.resolve("empty.png"));
    Path output = own.resolve("out");
    String source = "source.path=" + own.resolve("pictures");
    Ended ended = score(single, output, source, "limits.rejected=0.5").well();
    assertEquals(4, ended.count("scored"));
    assertEquals(3, ended.count("rejected"));
    assertEquals(4, rows(output).size());
    Map<String, String> reasons = new TreeMap<>();
    for (Row row : rows(output.resolve("_rejected"))) {
      reasons.put(Path.of(row.<String>getAs("path")).getFileName().toString(), row.getAs("reason"));
      assertFalse(row.<String>getAs("detail").isEmpty());
    }
    assertEquals(
        Map.of("torn.png", "TRUNCATED", "text.png", "UNSUPPORTED", "empty.png", "EMPTY"), reasons);

    Ended strict = score(single, own.resolve("strict"), source);
    assertEquals(5, strict.status(), strict.err());
    assertTrue(Files.readString(own.resolve("strict/_graft.json")).contains("false"));
  }

  @Test
  void replacesItsOwnOutputAndNoOneElses(@TempDir Path own) throws IOException {
    Path output = own.resolve("out");
    score(single, output).well();
    String few = "source.path=" + single.pictures().resolve("class-001");
    score(single, output, few).well();
    assertEquals(PICTURES / 3, rows(output).size());
    assertTrue(Files.readString(output.resolve("_graft.json")).contains("true"));

    Path foreign = Files.createDirectories(own.resolve("foreign"));
    Files.writeString(foreign.resolve("thesis.txt"), "years of work");
    Ended refused = score(single, foreign, few);
    assertEquals(2, refused.status());
    assertTrue(
        refused
            .err()
            .contains(
                "Cannot write predictions to %s: there are files that Graft did not write."
                    .formatted(foreign)),
        refused.err());
    assertEquals("years of work", Files.readString(foreign.resolve("thesis.txt")));
  }

  @Test
  void refusesATornBundle(@TempDir Path own) throws IOException {
    Folders.copy(single.folder().resolve("bundle"), own.resolve("torn"));
    Path file = own.resolve("torn/head.safetensors");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    Ended ended = single.score("bundle=" + own.resolve("torn"), "output=" + own.resolve("out"));
    assertEquals(2, ended.status());
    assertEquals("failed", ended.outcome());
    assertTrue(ended.err().contains("Cannot use " + file + ": it was cut short"), ended.err());
    assertTrue(ended.err().contains("got %d bytes".formatted(whole.length - 1)), ended.err());
    assertFalse(Files.exists(own.resolve("out")));
  }

  @Test
  void onlyWhatATrustedKeySignedIsScoredWith() throws IOException {
    String trusted = "trustedKeys=[%1$s/other.pub.pem, %1$s/signer.pub.pem]".formatted(KEYS);
    Ended scored = score(single, folder.resolve("signed"), trusted).well();
    assertEquals(PICTURES, scored.count("scored"));
    Path none = folder.resolve("none");
    Ended other = score(single, none, "trustedKeys=[" + KEYS + "/other.pub.pem]");
    assertEquals(2, other.status(), other.err());
    assertTrue(other.err().contains(": none of the trusted keys signed it as it is"), other.err());
    Ended unsigned = score(multi, none, trusted);
    assertEquals(2, unsigned.status(), unsigned.err());
    assertTrue(unsigned.err().contains(": it is not signed (no bundle.json.sig)"), unsigned.err());
    Ended noKey = score(single, none, "trustedKeys=[" + KEYS + "/signer.pem]");
    assertTrue(noKey.err().contains("Cannot use the key in "), noKey.err());
    assertFalse(Files.exists(none));
  }
}
