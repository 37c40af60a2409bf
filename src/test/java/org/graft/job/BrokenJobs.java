package org.graft.job;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.graft.common.Json;
import org.graft.testing.SmallModels;

/**
 * Jobs on a network so small that a run costs little more than the start of Spark: for tests of
 * what goes wrong. While one is open, Spark has few threads and partitions.
 */
final class BrokenJobs implements AutoCloseable {
  private final Map<String, String> before = new HashMap<>();
  final Path folder;
  final Path pictures;

  BrokenJobs(Path folder, Map<String, String> spark) throws IOException {
    this.folder = folder;
    this.pictures = folder.resolve("pictures");
    set("spark.master", "local[2]");
    set("spark.ui.enabled", "false");
    set("spark.sql.shuffle.partitions", "2");
    spark.forEach(this::set);
    Files.writeString(folder.resolve("card.json"), Json.pretty(SmallModels.CARD));
    network(SmallModels.backbone("spatial", 5), folder.resolve("small.zip"));
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        name: small
        workspace: ws
        source: {kind: folder, path: pictures}
        split: {train: 0.6, validation: 0, test: 0.4}
        backbone: {card: card.json, cut: spatial, weights: small.zip}
        extract: {partitions: 2}
        train: {epochs: 2}
        publish: {exports: []}
        """);
  }

  private void set(String key, String value) {
    before.put(key, System.getProperty(key));
    System.setProperty(key, value);
  }

  static void network(ComputationGraph graph, Path file) throws IOException {
    ModelSerializer.writeModel(graph, file.toFile(), false);
  }

  /** {@code count} pictures of noise in the class's folder. */
  void pictures(String label, int count, int seed) throws IOException {
    Path of = Files.createDirectories(pictures.resolve(label));
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      BufferedImage picture = new BufferedImage(13, 12, BufferedImage.TYPE_INT_RGB);
      for (int at = 0; at < 13 * 12; at++) {
        picture.setRGB(at % 13, at / 13, random.nextInt(1 << 24));
      }
      ImageIO.write(picture, "png", of.resolve("%s-%02d.png".formatted(label, i)).toFile());
    }
  }

  Printed run(String... overrides) {
    return verb("run", overrides);
  }

  Printed verb(String verb, String... overrides) {
    List<String> args = new ArrayList<>(List.of(verb, folder.resolve("job.yaml").toString()));
    Arrays.stream(overrides).forEach(override -> args.addAll(List.of("-s", override)));
    return Printed.by(args.toArray(String[]::new));
  }

  @Override
  public void close() {
    before.forEach(
        (key, value) -> {
          if (value == null) {
            System.clearProperty(key);
          } else {
            System.setProperty(key, value);
          }
        });
  }
}
