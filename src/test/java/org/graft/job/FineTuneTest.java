package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.GoldenInput;
import org.graft.bundle.BundleReader;
import org.graft.bundle.ModelBundle;
import org.graft.common.Json;
import org.graft.common.LocalStorage;
import org.graft.engine.dl4j.RandomWeights;
import org.graft.head.TrainingHistory;
import org.graft.image.Preprocessing;
import org.graft.image.Preprocessing.Resize;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.graft.testing.Stored;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fine-tuning as a job: a MobileNetV2 for small pictures with random weights. */
class FineTuneTest {
  private static final int PICTURES = 60;

  @TempDir static Path folder;
  private static Ended first;

  @BeforeAll
  static void runOnce() throws IOException {
    Pictures.write(folder.resolve("pictures"), 3, PICTURES / 3, 4);
    card();
    Files.writeString(
        folder.resolve("tuned.yaml"),
        """
        name: tuned
        workspace: workspace
        source: {kind: folder, path: pictures}
        split: {train: 0.5, validation: 0.2, test: 0.3}
        backbone: {card: '%s', weights: small.safetensors}
        train: {epochs: 3, batch: 8, learningRate: 0.01}
        finetune: {from: block15_add, epochs: 3, learningRate: 0.003}
        averaging: {workers: 2, localSteps: 2}
        publish: {exports: [onnx]}
        """
            .formatted(folder.resolve("card.json")));
    Files.writeString(
        folder.resolve("score.yaml"),
        """
        bundle: workspace/models/tuned
        source: {kind: folder, path: pictures}
        output: predictions
        """);
    first = job("run").well();
  }

  private static void card() throws IOException {
    BackboneCard real = BackboneCatalog.card("mobilenetv2.coco");
    Preprocessing own = real.preprocessing();
    Input input = new Input(3, 64, 64);
    BackboneCard small =
        new BackboneCard(
            "small",
            real.architecture(),
            input,
            new Preprocessing(
                Resize.stretch(64, 64),
                null,
                own.interpolation(),
                own.channelOrder(),
                own.scale(),
                own.mean(),
                own.std(),
                own.alpha()),
            real.cuts().stream()
                .map(
                    cut ->
                        new BackboneCard.Cut(
                            cut.name(),
                            cut.layer(),
                            cut.channels(),
                            Math.max(1, 2 * cut.height() / 7),
                            Math.max(1, 2 * cut.width() / 7),
                            cut.pooling()))
                .toList(),
            real.defaultCut(),
            real.weights(),
            real.licence(),
            real.origin(),
            true,
            List.of());
    float[][] noise = new float[8][];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = GoldenInput.of(i, input.length());
    }
    RandomWeights.write(small, noise, 5, folder.resolve("small.safetensors"));
    Files.writeString(folder.resolve("card.json"), Json.pretty(small));
  }

  private static Ended job(String verb, String... settings) throws IOException {
    return job(Launch.LOCAL, verb, settings);
  }

  private static Ended job(Launch launch, String verb, String... settings) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                verb,
                folder.resolve(verb.equals("score") ? "score.yaml" : "tuned.yaml").toString()));
    for (String setting : settings) {
      args.add("-s");
      args.add(setting);
    }
    return launch.run(args.toArray(String[]::new));
  }

  private static Ended elsewhere(String master, String partitions) throws IOException {
    return job(
            Launch.on(master),
            "train",
            "workspace=" + folder.resolve("elsewhere" + partitions),
            "extract.partitions=" + partitions)
        .well();
  }

  private static String weights(Ended ended) {
    return ended.summary().required("metrics").required("backboneSha256").asText();
  }

  @Test
  void theBundleIsATunedNetworkAndScoresAsItWasEvaluated() throws IOException {
    ModelBundle bundle = new BundleReader(new LocalStorage()).read(first.path("bundle"));
    BackboneCard card = bundle.content().card();
    assertEquals("small-tuned", card.name());
    assertTrue(card.origin().startsWith("fine-tuned from small above block15_add; "));
    assertEquals(weights(first), card.weights().sha256());
    assertEquals(1, card.golden().size());
    assertEquals(first.head(), bundle.content().head().sha256());
    job("score").well();
    int right = 0;
    int test = 0;
    try (SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate()) {
      Map<String, String> splits = new Stored(spark).splits(folder.resolve("workspace"));
      for (Row row :
          spark.read().parquet(folder.resolve("predictions").toString()).collectAsList()) {
        if (splits.get(row.<String>getAs("key")).equals("test")) {
          test++;
          Path picture = Path.of(row.<String>getAs("id"));
          right += picture.getParent().endsWith(row.<String>getAs("label")) ? 1 : 0;
        }
      }
    }
    assertTrue(test > 10, test + " test samples");
    assertEquals(first.metric("accuracy"), (double) right / test, 1e-12);
    assertTrue(first.metric("logLoss") < first.metric("frozen.logLoss"), first.summary()::toString);
  }

  @Test
  void theSameAnywhereAndFromWhatIsKept() throws IOException {
    for (Ended ended : List.of(elsewhere("local[1]", "1"), elsewhere("local[2]", "8"))) {
      assertEquals(first.head(), ended.head());
      assertEquals(weights(first), weights(ended));
    }
    Ended again = job("train").well();
    assertEquals(weights(first), weights(again));
    assertTrue(again.err().contains("finetune   reused"), again.err());
  }

  @Test
  void viewsAreRowsToTrainOnAndExtractedOnce() throws IOException {
    Path workspace = folder.resolve("views");
    Ended viewed = job("train", "extract.views=3", "workspace=" + workspace).well();
    assertEquals(PICTURES, viewed.count("extracted"));
    assertNotEquals(first.head(), viewed.head());
    assertNotEquals(weights(first), weights(viewed));
    assertEquals(6, features(workspace).size(), "two cuts, three views");
    Map<Path, Long> before = sizes(workspace);
    long train;
    try (SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate()) {
      train = new Stored(spark).splits(workspace).values().stream().filter("train"::equals).count();
      List<Integer> rows = new ArrayList<>();
      for (Path store : features(workspace)) {
        rows.add(new Stored(spark).features(store).size());
      }
      rows.sort(null);
      int some = (int) train;
      assertEquals(List.of(some, some, some, some, PICTURES, PICTURES), rows);
    }
    assertEquals(Set.of(3 * train), examples(workspace));
    job("train", "extract.views=3", "train.epochs=1", "workspace=" + workspace).well();
    assertEquals(before, sizes(workspace));
  }

  private static List<Path> features(Path workspace) throws IOException {
    try (Stream<Path> stores = Files.list(workspace.resolve("features"))) {
      return stores.toList();
    }
  }

  private static Map<Path, Long> sizes(Path workspace) throws IOException {
    Map<Path, Long> sizes = new TreeMap<>();
    for (Path file : Pictures.in(workspace.resolve("features"))) {
      sizes.put(file, Files.size(file));
    }
    return sizes;
  }

  /** Rows that the epochs of all trainings fitted. */
  private static Set<Long> examples(Path workspace) throws IOException {
    Set<Long> examples = new HashSet<>();
    for (Path file : Pictures.in(workspace.resolve("heads"))) {
      if (file.endsWith("history.json")) {
        Json.read(Files.readAllBytes(file), TrainingHistory.class, file.toString())
            .epochs()
            .forEach(epoch -> examples.add(epoch.examples()));
      }
    }
    return examples;
  }

  @Test
  void layersWaitForTheirTurn() throws IOException {
    Ended late = job("train", "finetune.headEpochs=3").well();
    assertNotEquals(weights(first), weights(late));
    Ended never = job("train", "finetune.headEpochs=50").well();
    assertEquals(weights(never), weights(late));
    assertNotEquals(first.head(), never.head());
    Ended second = job("train", "finetune.headEpochs=1").well();
    assertNotEquals(weights(never), weights(second), "a turn that has come");
    assertNotEquals(weights(first), weights(second));
  }

  @Test
  void aPlaceThatIsNoneIsRefusedBeforeAnythingIsExtracted() throws IOException {
    Ended unknown = job("run", "finetune.from=block15_ad", "name=other");
    assertEquals(2, unknown.status());
    assertTrue(
        unknown
            .err()
            .contains(
                "Cannot fine-tune small from 'block15_ad': there is no such layer below the cut 'avgpool'."),
        unknown.err());
    assertTrue(unknown.err().contains("'block15_add'"), unknown.err());
    Ended inside = job("run", "finetune.from=block15_expand");
    assertEquals(2, inside.status());
    assertTrue(inside.err().contains("what comes after it reads [block14_add], too"), inside.err());
    Ended itself = job("run", "finetune.from=avgpool");
    assertTrue(itself.err().contains("that is backbone.cut itself"), itself.err());
    Ended ridge = job("run", "head.kind=ridge");
    assertEquals(2, ridge.status());
    assertTrue(ridge.err().contains("is not trained with the network"), ridge.err());
  }
}
