package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.bundle.BundleReader;
import org.graft.common.LocalStorage;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Input;
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
  void cosine() throws IOException {
    Ended published = job.run("head=cosine").well();
    assertTrue(published.metric("accuracy") > 0.6, "accuracy " + published.metric("accuracy"));
    assertTrue(published.err().contains("{head.scale="), published.err());
    TrainedHead head = head(published);
    assertEquals(Input.UNIT, head.input());
    assertClasses(head, Scored.by(published));

    Ended again = job.run("head=cosine").well();
    assertEquals(published.head(), again.head());
    assertTrue(again.err().contains("reused: {head.scale="), again.err());
  }
}
