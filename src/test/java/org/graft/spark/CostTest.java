package org.graft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.common.Json;
import org.graft.fault.Faults;
import org.graft.fault.Faults.Operation;
import org.graft.job.Launch;
import org.graft.job.Launch.Ended;
import org.graft.job.TinyJob;
import org.graft.ml.BackboneTransformer;
import org.graft.ml.HeadEstimator;
import org.graft.ml.HeadModel;
import org.graft.ml.Notebook;
import org.graft.sample.RejectedException;
import org.graft.spark.tar.PackedSample;
import org.graft.spark.tar.TarShardWriter;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run costs: pictures read, networks loaded, Spark jobs started. */
class CostTest {
  private static final int PICTURES = 96;

  @TempDir Path folder;

  /** The descriptions of all jobs. */
  private static final class Jobs extends SparkListener {
    private final List<String> descriptions = new CopyOnWriteArrayList<>();
    private final List<Integer> stages = new CopyOnWriteArrayList<>();

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      String description = start.properties().getProperty("spark.job.description");
      descriptions.add(String.valueOf(description));
      stages.add(start.stageInfos().size());
    }

    long of(String step) {
      return descriptions.stream().filter(text -> text.startsWith(step)).count();
    }
  }

  @Test
  void aShardIsOpenedOnceForTheIndexAndOnceATaskForFeatures() throws IOException {
    Jobs jobs = new Jobs();
    int shards = 3;
    int tasks = 5;
    try (Faults counted = Faults.open()) {
      TinyJob job =
          TinyJob.in(folder, 404).on(new Launch("local[2]", counted.sparkSettings(), jobs));
      for (int of = 0; of < shards; of++) {
        shard(job.pictures().resolve("shard-" + of + ".tar"), of);
      }
      String[] settings = {
        "source.kind=tar",
        "source.path=" + counted.path(job.pictures()),
        "extract.readers=2",
        "extract.partitions=" + tasks
      };
      job.verb("index", settings).well();
      assertEquals(shards, counted.count(Operation.OPEN));

      Ended extracted = job.verb("extract", settings).well();
      assertEquals(PICTURES, extracted.count("extracted"));
      int opened = counted.count(Operation.OPEN) - shards;
      assertTrue(
          opened >= tasks && opened <= tasks + shards,
          opened + " times for %d tasks".formatted(tasks));
      assertEquals(1, jobs.of("extract: "), jobs.descriptions::toString);
    }
  }

  private static void shard(Path file, int of) throws IOException {
    Files.createDirectories(file.getParent());
    try (TarShardWriter shard = new TarShardWriter(Files.newOutputStream(file))) {
      for (int i = 0; i < PICTURES / 3; i++) {
        byte[] picture = Pictures.png(of, 3, i, 4);
        shard.add(new PackedSample(i + ".png", List.of("class-" + of), null, picture));
      }
    } catch (RejectedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyPictureIsReadOnceForItsKeyAndOnceForItsFeatures() throws IOException {
    Jobs jobs = new Jobs();
    try (Faults counted = Faults.open()) {
      TinyJob job =
          TinyJob.in(folder, 404).on(new Launch("local[2]", counted.sparkSettings(), jobs));
      Pictures.write(job.pictures(), 3, PICTURES / 3, 4);
      String source = "source.path=" + counted.path(job.pictures());

      job.verb("index", source).well();
      assertEquals(PICTURES, counted.count(Operation.OPEN));

      int loads = ExecutorCache.loads();
      Ended extracted = job.verb("extract", source, "extract.partitions=8").well();
      assertEquals(PICTURES, extracted.count("extracted"));
      assertEquals(2 * PICTURES, counted.count(Operation.OPEN));
      assertEquals(1, ExecutorCache.loads() - loads, "8 partitions share a network");
      assertEquals(1, jobs.of("extract: "), jobs.descriptions::toString);

      Ended whole = job.run(source, "extract.partitions=8").well();
      assertEquals(0, whole.count("extracted"));
      int shown =
          Json.readMap(Files.readAllBytes(Path.of(whole.path("run"), "previews.json")), "previews")
              .size();
      assertTrue(shown < PICTURES, () -> shown + " pictures on the page");
      assertEquals(
          2 * PICTURES + shown,
          counted.count(Operation.OPEN),
          "nothing but what the page shows is opened again");
      assertEquals(1, ExecutorCache.loads() - loads, "nothing to extract, nothing to load");
      assertEquals(1, jobs.of("extract: "), jobs.descriptions::toString);
      assertTrue(jobs.of("train: epoch") > 0, jobs.descriptions::toString);
    }
  }

  @Test
  void aPipelineReadsEachPictureOnceToBeFittedAndScoresInOneStage() throws IOException {
    int pictures = 24;
    Jobs jobs = new Jobs();
    TinyJob job = TinyJob.in(folder, 406);
    Pictures.write(job.pictures(), 3, pictures / 3, 6);
    SparkSession.Builder builder =
        SparkSession.builder().master("local[4]").config("spark.ui.enabled", "false");
    try (Faults counted = Faults.open()) {
      counted.sparkSettings().forEach(builder::config);
      try (SparkSession spark = builder.getOrCreate()) {
        spark.sparkContext().addSparkListener(jobs);
        BackboneTransformer backbone =
            new BackboneTransformer()
                .setBackbone(job.folder().resolve("card.json").toString())
                .setWeights(job.folder().resolve("weights.zip").toString())
                .setCut("spatial");
        Dataset<Row> table = new Notebook(spark).pictures(counted.path(job.pictures()));
        assertTrue(table.rdd().getNumPartitions() > 1, "tasks that could each load a network");
        int loads = ExecutorCache.loads();
        HeadModel head = new HeadEstimator().setKind("ridge").fit(backbone.transform(table));
        assertEquals(pictures, counted.count(Operation.OPEN), "a fit reads once");
        spark.sparkContext().setJobDescription("score");
        assertEquals(pictures, head.transform(backbone.transform(table)).collectAsList().size());
        assertEquals(2 * pictures, counted.count(Operation.OPEN));
        assertEquals(1, ExecutorCache.loads() - loads, "all tasks of both share a network");
      }
    }
    int scoring = jobs.descriptions.indexOf("score");
    assertEquals(1, jobs.of("score"), jobs.descriptions::toString);
    assertEquals(1, jobs.stages.get(scoring), "nothing is shuffled");
  }

  /** Spark fails a job whose tasks send more than the limit to the driver. */
  @Test
  void neitherFeaturesNorPicturesPassThroughTheDriver() throws IOException {
    int pictures = 600;
    long limit = 200_000;
    TinyJob job =
        TinyJob.in(folder, 405)
            .on(
                new Launch(
                    "local[2]",
                    Map.of(
                        "spark.driver.maxResultSize",
                        String.valueOf(limit),
                        "spark.sql.shuffle.partitions",
                        "4"),
                    null));
    Pictures.write(job.pictures(), 3, pictures / 3, 6);
    Ended ended =
        job.verb("evaluate", "backbone.pooling=none", "extract.partitions=4", "train.epochs=1")
            .well();
    long floats = ended.count("extracted") * 180;
    assertTrue(floats * Float.BYTES > 2 * limit, "the limit would not be passed anyway");
  }
}
