package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.bundle.BundleReader;
import org.graft.common.LocalStorage;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Input;
import org.graft.head.TrainedHead.Output;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.graft.testing.Stored;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every other kind of head through the whole job: run, bundle, score, with the same numbers. */
class HeadKindsTest {
  private static final int PICTURES = 48;

  @TempDir static Path folder;
  private static TinyJob job;

  @BeforeAll
  static void draw() throws IOException {
    job = TinyJob.in(folder, 31);
    Pictures.write(job.pictures(), 3, PICTURES / 3, 31);
  }

  private static SparkSession spark() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .getOrCreate();
  }

  private static TrainedHead head(Ended published) throws IOException {
    return new BundleReader(new LocalStorage()).read(published.path("bundle")).content().head();
  }

  /** What the bundle predicts of all pictures, and the features that it must have been given. */
  private record Scored(List<Row> rows, Map<String, float[]> features) {
    static Scored by(Ended published) throws IOException {
      String output = published.path("run") + "-scored";
      job.score("bundle=" + published.path("bundle"), "output=" + output).well();
      try (SparkSession spark = spark()) {
        return new Scored(
            spark.read().parquet(output).collectAsList(),
            new Stored(spark).features(Path.of(published.path("features"))));
      }
    }
  }

  private static void assertClasses(TrainedHead head, Scored scored) {
    assertEquals(PICTURES, scored.rows().size());
    for (Row row : scored.rows()) {
      float[] got = new float[head.labels().size()];
      for (Row ranked : row.<Row>getList(row.fieldIndex("top"))) {
        got[head.labels().index(ranked.getString(0)).orElseThrow()] = ranked.getFloat(1);
      }
      assertArrayEquals(head.probabilities(scored.features().get(row.<String>getAs("key"))), got);
    }
  }

  @Test
  void regression() throws IOException {
    StringBuilder csv = new StringBuilder("path,label\n");
    List<Path> files = Pictures.in(job.pictures());
    for (int i = 0; i < files.size(); i++) { // 10, 20, 30 and a little
      int number = 10 * (1 + 3 * i / files.size());
      String text = i == 5 ? "many" : number + (i % 2 == 0 ? ".5" : "");
      csv.append(folder.relativize(files.get(i))).append(',').append(text).append('\n');
    }
    Files.writeString(folder.resolve("numbers.csv"), csv);
    String[] settings = {
      "source.kind=manifest",
      "source.path=" + folder.resolve("numbers.csv"),
      "head=regression",
      "limits.rejected=0.1",
      "train.learningRate=0.05",
      "train.epochs=20",
      "publish.exports=[dl4j, onnx]"
    };
    Ended published = job.run(settings).well();
    assertEquals(1, published.count("rejected"));
    assertTrue(published.metric("r2") > 0.3, "r2 " + published.metric("r2"));
    assertTrue(published.err().contains("47 samples of a number each"), published.err());
    String report = String.join("\n", published.out());
    assertTrue(report.contains("medianAbsoluteError"), report);
    assertFalse(report.contains("worst classes"), report);
    assertTrue(Files.exists(Path.of(published.path("bundle"), "network.zip")));
    assertTrue(Files.exists(Path.of(published.path("bundle"), "network.onnx")));
    TrainedHead head = head(published);
    assertEquals(Output.VALUE, head.output());

    Scored scored = Scored.by(published);
    assertEquals(PICTURES, scored.rows().size());
    assertEquals(
        List.of("id", "key", "value"), List.of(scored.rows().get(0).schema().fieldNames()));
    for (Row row : scored.rows()) {
      float[] features = scored.features().get(row.<String>getAs("key"));
      if (features != null) { // of the picture without a number nothing was stored
        assertEquals(head.probabilities(features)[0], row.<Float>getAs("value"));
      }
    }
    assertEquals(published.head(), job.run(settings).well().head());
  }

  @Test
  void ordinal() throws IOException {
    Ended published =
        job.run(
                "head=ordinal",
                "labels=[class-002, class-000, class-001]",
                "train.learningRate=0.05",
                "train.epochs=10")
            .well();
    assertTrue(
        published.metric("quadraticKappa") <= 1 && published.metric("meanAbsoluteError") >= 0,
        published.summary().toString());
    TrainedHead head = head(published);
    assertEquals(Output.ORDINAL, head.output());
    assertEquals(List.of("class-002", "class-000", "class-001"), head.labels().names());
    assertClasses(head, Scored.by(published));
  }

  /** The folders' names are made paths by what they have in common. */
  @Test
  void hierarchicalLabels() throws IOException {
    Ended evaluated = job.verb("evaluate", "head=cosine", "evaluate.hierarchy='-'").well();
    assertEquals(1, evaluated.metric("level1Accuracy")); // all are "class"
    assertTrue(String.join("\n", evaluated.out()).contains("level1Accuracy"));
    Ended refused = job.verb("evaluate", "head=cosine", "evaluate.hierarchy=/");
    assertEquals(2, refused.status());
    assertTrue(refused.err().contains("no label has a '/' in it"), refused.err());
  }

  @Test
  void cosine() throws IOException {
    Ended published = job.run("head=cosine").well();
    assertTrue(published.metric("accuracy") > 0.6, "accuracy " + published.metric("accuracy"));
    assertTrue(published.err().contains("1 tried, chosen head.scale "), published.err());
    TrainedHead head = head(published);
    assertEquals(Input.UNIT, head.input());
    assertClasses(head, Scored.by(published));

    Ended again = job.run("head=cosine").well();
    assertEquals(published.head(), again.head());
    assertTrue(again.err().contains("reused: 1 tried, chosen head.scale "), again.err());
  }
}
