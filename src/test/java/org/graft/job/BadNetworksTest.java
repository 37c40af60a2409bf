package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.testing.SmallModels;
import org.graft.weights.SafetensorsWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs whose weights, labels or splits cannot work. */
class BadNetworksTest {
  @TempDir static Path folder;
  private static BrokenJobs jobs;

  @BeforeAll
  static void make() throws IOException {
    jobs = new BrokenJobs(folder, Map.of());
    jobs.pictures("cat", 10, 1);
    jobs.pictures("dog", 10, 2);
    Files.writeString(folder.resolve("text.pth"), "Dear reader, these are no weights");
    String card = Files.readString(folder.resolve("card.json"));
    Files.writeString(folder.resolve("bad.json"), card.replace("\"licence\"", "\"licenze\""));
    Files.writeString(folder.resolve("less.json"), card.replace("\"verified\" : false,", ""));
    try (OutputStream out = Files.newOutputStream(folder.resolve("part.safetensors"))) {
      new SafetensorsWriter().add("features.0.0.weight", new long[] {1}, new float[1]).writeTo(out);
    }
    ComputationGraph nan = SmallModels.backbone("spatial", 5);
    nan.params().putScalar(0, Float.NaN);
    BrokenJobs.network(nan, folder.resolve("nan.zip"));
  }

  @AfterAll
  static void close() {
    jobs.close();
  }

  private static void assertRefused(Printed printed, int status, String... parts) {
    String err = printed.err().replace(folder.toString(), "FOLDER");
    assertEquals(status, printed.status(), err);
    assertFalse(err.contains("\tat "), err);
    for (String part : parts) {
      assertTrue(err.contains(part), () -> "'" + part + "' is not in: " + err);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "backbone.sha256=0123456789; Cannot use the weights in FOLDER/small.zip: the SHA-256 is wrong (got ",
        "backbone.weights=FOLDER/no.pth; Cannot read weights from FOLDER/no.pth: there is no such file. Correct backbone.weights",
        "backbone.weights=FOLDER/text.pth; Cannot read weights from FOLDER/text.pth: its format is unknown (first bytes: 44 65 61 ",
        "backbone.card=mobilenet.coco; Cannot find backbone 'mobilenet.coco': there is no such card. Did you mean 'mobilenetv2.coco'? `graft backbones list` shows all ",
        "backbone.card=FOLDER/no.json; Cannot read card FOLDER/no.json: there is no such file. Correct backbone.card, or take one of `graft backbones list`.",
        "backbone.card=FOLDER/bad.json; Cannot read FOLDER/bad.json: at licenze: Unrecognized field \"licenze\"",
        "backbone.card=FOLDER/less.json; Cannot read FOLDER/less.json: at verified: Cannot map `null` into type `boolean`",
      })
  void weightsCardsAndCutsThatCannotBe(String override, String message) {
    assertRefused(jobs.run(override.replace("FOLDER", folder.toString())), 2, "graft: ", message);
  }

  @Test
  void aCutThatTheCardDoesNotHaveIsRefusedWithTheNearest() {
    assertRefused(
        jobs.run(
            "backbone.card=mobilenetv2.coco",
            "backbone.cut=block51_add",
            "backbone.weights=" + folder.resolve("part.safetensors")),
        2,
        "graft: Cannot cut mobilenetv2.coco at 'block51_add': it has the cuts [block0_project, ",
        "Did you mean 'block5_add'?");
  }

  @Test
  void weightsOfAnotherNetworkNameWhatIsMissing() {
    assertRefused(
        jobs.run(
            "backbone.card=mobilenetv2.coco",
            "backbone.cut=",
            "backbone.weights=" + folder.resolve("part.safetensors")),
        2,
        "graft: Cannot use the weights in FOLDER/part.safetensors for this network (",
        "problems):\n  - '");
  }

  @Test
  void aNetworkThatGivesNaNRejectsEveryPicture() {
    assertRefused(
        jobs.run("backbone.weights=" + folder.resolve("nan.zip")),
        5,
        "graft: Cannot go on: 20 of 20 samples were rejected (100.0 %, limits.rejected is 1.0 %).",
        "- 20 NOT_FINITE, for instance FOLDER/pictures/cat/cat-00.png: ");
  }

  @Test
  void aLabelThatIsNotInTheListIsRejectedWithTheNearest() {
    assertRefused(
        jobs.verb("index", "labels=[cat, dgo]"),
        5,
        "- 10 UNKNOWN_LABEL, for instance FOLDER/pictures/dog/dog-00.png: label 'dog' is none of"
            + " the 2 in 'labels'. Did you mean 'dgo'?");
  }

  @Test
  void aListedClassWithoutSamplesIsAWarning() {
    Printed printed = jobs.run("labels=[cat, dog, eel]");
    assertRefused(
        printed,
        0,
        "warning: 1 class has no train sample: the head cannot learn them. Which: [eel].",
        "warning: 1 class has no test sample: the evaluation says nothing about them. Which: [eel]");
  }

  @Test
  void splitsWithoutSamplesAreRefusedBeforeTheWork() {
    assertRefused(
        jobs.run("split.train=1", "split.test=0"),
        2,
        "graft: Cannot evaluate: the test split has no usable sample (of 20). Raise split.test, or"
            + " add samples.");
  }

  @Test
  void oneClassIsRefusedBeforeTheWork() throws IOException {
    Path one = folder.resolve("one");
    Files.createDirectories(one.resolve("cat"));
    for (int i = 0; i < 3; i++) {
      Files.copy(jobs.pictures.resolve("cat/cat-0" + i + ".png"), one.resolve("cat/" + i + ".png"));
    }
    assertRefused(
        jobs.verb("train", "source.path=" + one),
        2,
        "graft: Cannot train: the samples have 1 class [cat], and a head tells at least 2 apart."
            + " Add samples of another class, or set multiLabel: true.");
  }
}
