package org.graft.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.Graft;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.common.Json;
import org.graft.image.JpegScaling;
import org.graft.sample.SampleLimits;
import org.graft.sample.SampleSource;
import org.graft.sample.Splitter;
import org.graft.spark.BackboneChoice;
import org.graft.spark.ExtractOptions;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.IndexOptions;
import org.graft.spark.Progress;

/** Index and extraction of a folder's {@code pictures} with {@link FakeCards}. */
public final class CardJob {
  private static final int BATCH = 4;
  private static final int PARTITIONS = 16;

  private CardJob() {}

  /**
   * Writes the features into a file {@code features} beside the pictures.
   *
   * @param arguments the folder, which has {@code card.json} too, and the one of the run
   */
  public static void main(String[] arguments) throws IOException {
    Path run = Path.of(arguments[1]);
    try (SparkSession spark = SparkSession.builder().appName("cards").getOrCreate()) {
      Files.write(
          run.resolve("features"),
          features(spark, Path.of(arguments[0]), run, FakeCards.in(run, true)));
    }
  }

  /** A line a picture, in the order of their keys. */
  static List<String> features(SparkSession spark, Path folder, Path run, FakeCards engine)
      throws IOException {
    Graft graft =
        new Graft(spark, run.resolve("ws").toString(), "r", new Progress(System.err, false));
    SampleSource source = new SampleSource.Folder(folder.resolve("pictures").toString());
    Splitter splitter = new Splitter(0.6, 0.2, 1);
    Index index = graft.index(new IndexOptions(source, false, List.of(), splitter, 1 << 20));
    ExtractOptions options = new ExtractOptions(PARTITIONS, 1, new SampleLimits(1 << 20, 1));
    Features features = graft.extract("extract", index, source, network(folder, engine), options);
    return features.store().read().collectAsList().stream().map(CardJob::line).sorted().toList();
  }

  private static BackboneChoice network(Path folder, FakeCards engine) throws IOException {
    Path file = folder.resolve("card.json");
    BackboneCard card = Json.read(Files.readAllBytes(file), BackboneCard.class, "card");
    BackboneSpec spec = new BackboneSpec(card, "spatial", Pooling.AVG, BATCH, file, Precision.FP32);
    return new BackboneChoice(spec, engine, "0".repeat(64), JpegScaling.NONE);
  }

  private static String line(Row row) {
    return row.getString(0) + " " + Arrays.toString(row.<Float>getList(1).toArray());
  }
}
