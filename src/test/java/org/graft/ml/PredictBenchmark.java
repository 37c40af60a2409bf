package org.graft.ml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.PublishedModel;
import org.graft.bundle.TrustedKeys;
import org.graft.head.TrainedHead;
import org.graft.job.TinyJob;
import org.graft.spark.Session;

/**
 * Pictures a second of {@code graft_predict}, and of the same model as stages of Spark ML, in turn,
 * each once before it counts.
 */
final class PredictBenchmark {
  private static final int ROUNDS = 3;

  private PredictBenchmark() {}

  /**
   * @param arguments pictures a class, of three classes of the quickstart
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("predict-benchmark");
    TinyJob job = TinyJob.in(folder, 65);
    QuickstartPictures.copy(job.pictures(), Integer.parseInt(arguments[0]));
    String model =
        job.run(
                "backbone.card=" + QuickstartPictures.BACKBONE,
                "backbone.weights=",
                "backbone.cut=",
                "head.kind=ridge")
            .well()
            .path("bundle");
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.extensions", GraftExtensions.class.getName())
            .getOrCreate()) {
      Dataset<Row> pictures = new Notebook(spark).pictures(job.pictures().toString()).persist();
      long rows = pictures.count();
      pictures.createOrReplaceTempView("pictures");
      String query =
          "select path, p.label from (select path, graft_predict('%s', content) as p from pictures)"
              .formatted(model);
      HeadModel head = HeadModel.of(head(spark, model));
      BackboneTransformer backbone =
          new BackboneTransformer().setBackbone(QuickstartPictures.BACKBONE);
      Map<String, Supplier<Dataset<Row>>> ways = new LinkedHashMap<>();
      ways.put("graft_predict", () -> spark.sql(query));
      ways.put(
          "BackboneTransformer and HeadModel",
          () -> head.transform(backbone.transform(pictures)).select("path", "predictedLabel"));
      Map<String, List<Double>> rates = new LinkedHashMap<>();
      for (int round = 0; round <= ROUNDS; round++) {
        for (Map.Entry<String, Supplier<Dataset<Row>>> way : ways.entrySet()) {
          long begin = System.nanoTime();
          way.getValue().get().collectAsList();
          double rate = rows / ((System.nanoTime() - begin) / 1e9);
          System.out.printf("round %d: %-34s %6.1f pictures/s%n", round, way.getKey(), rate);
          if (round > 0) { // the first one loads
            rates.computeIfAbsent(way.getKey(), none -> new ArrayList<>()).add(rate);
          }
        }
      }
      rates.forEach(
          (way, all) ->
              System.out.printf(
                  "median:  %-34s %6.1f pictures/s%n",
                  way, all.stream().sorted().skip(ROUNDS / 2).findFirst().orElseThrow()));
    }
  }

  private static TrainedHead head(SparkSession spark, String model) {
    try (PublishedModel published =
        PublishedModel.open(new Session(spark).storage(), TrustedKeys.ANY, model)) {
      return published.bundle().content().head();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
