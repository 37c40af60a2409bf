package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.graft.OwnNetwork;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.CardAnswers;
import org.graft.common.Json;
import org.graft.image.PreprocessingPreset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs on an ONNX network of the user's own. */
class OwnNetworkJobTest {
  @TempDir static Path folder;
  private static BrokenJobs jobs;
  private static String[] own;

  @BeforeAll
  static void make() throws IOException {
    jobs = new BrokenJobs(folder, Map.of());
    jobs.pictures("cat", 10, 1);
    jobs.pictures("dog", 10, 2);
    Path file = folder.resolve("vit.onnx");
    Files.copy(Path.of("src/test/resources/golden/onnxfile/vit.onnx"), file);
    BackboneCard card =
        OwnNetwork.inspect(file, 32)
            .card(
                new CardAnswers(
                    "vit.own",
                    PreprocessingPreset.of("imagenet-torch").at(32, 32),
                    "tokens2",
                    "CC0-1.0",
                    "random numbers"));
    Files.writeString(folder.resolve("own.json"), Json.pretty(card));
    own =
        new String[] {
          "backbone.card=" + folder.resolve("own.json"),
          "backbone.cut=",
          "backbone.pooling=first",
          "backbone.weights=" + file
        };
  }

  @AfterAll
  static void close() {
    jobs.close();
  }

  private static Printed run(String... more) {
    String[] all = new String[own.length + more.length];
    System.arraycopy(own, 0, all, 0, own.length);
    System.arraycopy(more, 0, all, own.length, more.length);
    return jobs.run(all);
  }

  @Test
  @SuppressWarnings("unchecked")
  void isTrainedOnPublishedAndScoredWith() throws IOException {
    Printed published = run("publish.exports=[dl4j, onnx]");
    assertEquals(0, published.status(), published::err);
    assertTrue(
        published.err().contains("no export for DL4J: the backbone is an ONNX network"),
        published::err);
    Path bundle = Path.of((String) published.part("paths").get("bundle"));
    assertTrue(Files.exists(bundle.resolve("network.onnx")));
    assertTrue(Files.notExists(bundle.resolve("network.zip")));
    assertTrue(Files.exists(bundle.resolve("backbone.onnx")));
    Path config = folder.resolve("score.yaml");
    Files.writeString(
        config,
        """
        bundle: %s
        source: {kind: folder, path: pictures}
        output: predictions
        """
            .formatted(bundle));
    Printed scored = Printed.by("score", config.toString());
    assertEquals(0, scored.status(), scored::err);
  }

  @Test
  void whatItCannotDoIsSaid() {
    refused(
        "backbone.engine=dl4j",
        "Cannot run vit.own by DL4J: it is an ONNX network. Set backbone.engine: onnx or auto.");
    refused("train.baseline=true", "Set train.baseline: false.");
  }

  private static void refused(String override, String message) {
    Printed printed = run(override);
    assertEquals(2, printed.status(), printed::err);
    assertTrue(printed.err().contains(message), printed::err);
  }
}
