package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.graft.backbone.BackboneCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code graft backbones}, as a user runs it. */
class BackbonesTest {
  private static final String COCO = "mobilenetv2.coco";

  @TempDir Path cache;

  private Printed backbones(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "backbones";
    System.arraycopy(args, 0, all, 1, args.length);
    return Printed.by(all);
  }

  @Test
  @SuppressWarnings("unchecked")
  void jsonListsEveryCardAndPrintsNothingElse() {
    Printed printed = backbones("list", "--json");
    assertEquals(0, printed.status());
    assertEquals(1, printed.out().lines().count());
    List<Map<String, Object>> listed =
        (List<Map<String, Object>>) printed.part("metrics").get("backbones");
    assertEquals(BackboneCatalog.names(), listed.stream().map(one -> one.get("name")).toList());
    for (Map<String, Object> one : listed) {
      for (String key : List.of("architecture", "weights", "engines", "licence", "cuts")) {
        assertTrue(one.containsKey(key), () -> key + " of " + one.get("name"));
      }
    }
  }

  @Test
  void theTableHasALineForEachCard() {
    Printed printed = backbones("list");
    List<String> lines = printed.out().lines().toList();
    assertEquals(BackboneCatalog.names().size() + 2, lines.size()); // header and summary
    String line = lines.stream().filter(l -> l.startsWith(COCO + " ")).findFirst().orElseThrow();
    assertTrue(line.contains(" avgpool (1280) "), line);
    assertTrue(line.contains(" yes "), line);
  }

  @Test
  void showPrintsTheCardWithTheWidthOfEachCut() {
    Printed printed = backbones("show", COCO);
    assertEquals(0, printed.status());
    assertTrue(printed.out().contains("\"defaultCut\" : \"avgpool\""), printed.out());
    assertTrue(printed.out().contains("160 x 7 x 7, width 160"), printed.out());
  }

  @Test
  void fetchBringsTheWeightsIntoTheCache() throws IOException {
    Printed printed = backbones("fetch", COCO, "--cache", cache.toString(), "--offline");
    assertEquals(0, printed.status(), printed.err());
    Path file = cache.resolve(COCO + ".safetensors");
    assertTrue(Files.exists(file));
    assertEquals(file.toString(), printed.part("paths").get("weights"));
    assertEquals(
        BackboneCatalog.card(COCO).weights().sha256(), printed.part("metrics").get("sha256"));
  }

  @Test
  @SuppressWarnings("unchecked")
  void verifyPrintsTheLargestDifference() {
    Printed printed = backbones("verify", COCO, "--cache", cache.toString());
    assertEquals(0, printed.status(), printed.err());
    assertTrue(
        printed.out().matches("(?s).*golden +avgpool, seed \\d+: largest difference \\S+ \\(.*"),
        printed.out());
    assertTrue(printed.out().contains("(as the card says)"), printed.out());
    Map<String, Object> found = (Map<String, Object>) printed.part("metrics").get("verification");
    List<Map<String, Object>> golden = (List<Map<String, Object>>) found.get("golden");
    assertFalse(golden.isEmpty());
    for (Map<String, Object> one : golden) {
      double difference = ((Number) one.get("difference")).doubleValue();
      assertTrue(difference > 0 && difference < 1e-4, () -> "difference " + difference);
    }
    double engines = ((Number) found.get("engines")).doubleValue();
    assertTrue(engines > 0 && engines < 1e-4, () -> "engines " + engines);
  }

  @Test
  void verifyRefusesWeightsThatGiveOtherFeatures() throws IOException {
    backbones("fetch", COCO, "--cache", cache.toString());
    byte[] bytes = Files.readAllBytes(cache.resolve(COCO + ".safetensors"));
    for (int i = bytes.length - 4000; i < bytes.length; i += 4) {
      bytes[i + 3] ^= (byte) 0x80; // the sign of the last thousand weights
    }
    Path other = Files.write(cache.resolve("other.safetensors"), bytes);
    Printed printed = backbones("verify", COCO, "--weights", other.toString());
    assertEquals(2, printed.status());
    assertTrue(printed.err().contains("Cannot trust backbone " + COCO), printed.err());
    assertTrue(printed.err().contains("largest relative difference"), printed.err());
  }

  private static String ownNetwork(String name) {
    return Path.of("src/test/resources/golden/onnxfile", name).toString();
  }

  @Test
  void addWritesACardThatProvesItself() {
    Path card = cache.resolve("my.json");
    Printed added =
        backbones(
            "add",
            ownNetwork("cnn.onnx"),
            "--card",
            card.toString(),
            "--preset",
            "imagenet-torch",
            "--as",
            "cnn.mine",
            "--licence",
            "CC0-1.0");
    assertEquals(0, added.status(), added.err());
    assertTrue(added.out().matches("(?s).*\\ncut \\S+ +width \\d+ \\*\\n.*"), added.out());
    Printed verified = backbones("verify", card.toString(), "--cache", cache.toString());
    assertEquals(0, verified.status(), verified.err());
    assertTrue(verified.out().contains("cnn.mine"), verified.out());
    assertTrue(verified.out().contains("golden"), verified.out());
  }

  @Test
  void addWantsThePreprocessing() {
    String card = cache.resolve("my.json").toString();
    Printed added = backbones("add", ownNetwork("cnn.onnx"), "--card", card);
    assertEquals(2, added.status());
    assertTrue(added.err().contains("the presets are [imagenet-torch, "), added.err());
    assertTrue(added.out().contains("cut "), added.out());
    assertFalse(Files.exists(Path.of(card)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "my.txt; its path must end in .json",
        "no/my.json; there is no such folder",
        "there.json; the file is there already",
      })
  void addWantsAPathForTheCard(String path, String why) throws IOException {
    Files.writeString(cache.resolve("there.json"), "{}");
    Printed added =
        backbones("add", ownNetwork("cnn.onnx"), "--card", cache.resolve(path).toString());
    assertEquals(2, added.status());
    assertTrue(added.err().contains(why), added.err());
    assertEquals("{}", Files.readString(cache.resolve("there.json")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "; no action given.",
        "lst; 'lst' is no action. Did you mean 'list'?",
        "list x; 'list' needs no name (got [x]).",
        "show; 'show' needs one name (got []).",
        "show a b; 'show' needs one name (got [a, b]).",
        "show a --weights x; --weights is no option of 'show'.",
        "verify a --weigths x; --weigths is no option of 'verify'. Did you mean 'weights'?",
        "verify a --weights; --weights needs a value.",
      })
  void wrongCommandLinesAreRefusedWithTheUsage(String args, String why) {
    Printed printed = backbones(args == null ? new String[0] : args.split(" ", -1));
    assertEquals(2, printed.status());
    assertTrue(printed.err().contains("Cannot run 'backbones': " + why), printed.err());
    assertTrue(printed.err().contains("usage: graft backbones list"), printed.err());
  }

  @Test
  void anUnknownNameGetsTheNearest() {
    Printed printed = backbones("show", "mobilenetv2.cocoa");
    assertEquals(2, printed.status());
    assertTrue(printed.err().contains("Did you mean 'mobilenetv2.coco'?"), printed.err());
  }
}
