package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.util.ModelSerializer;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCatalog;
import org.graft.common.Json;
import org.graft.engine.WeightFiles;
import org.graft.weights.Tensors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whole VGG16 and ResNet-50 files of every format against the implementation that wrote them.
 * {@code src/test/golden/networks/full_size.py} fills the folder, {@code -Dgraft.fullsize=FOLDER}
 * names it; far too big to be part of every build.
 */
@EnabledIfSystemProperty(named = "graft.fullsize", matches = ".+")
class FullSizeTest {
  private static final Logger log = LoggerFactory.getLogger(FullSizeTest.class);

  @BeforeAll
  static void prepare() {
    Dl4jEngine.prepare();
  }

  static List<Path> weightFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("graft.fullsize")))) {
      List<Path> found =
          files
              .filter(file -> file.toString().matches(".*\\.(pth|safetensors|h5)"))
              .sorted()
              .toList();
      assertFalse(found.isEmpty());
      return found;
    }
  }

  private static GoldenFeatures golden(Path file) throws IOException {
    Path json = file.resolveSibling(file.getFileName() + ".json");
    return Json.read(Files.readAllBytes(json), GoldenFeatures.class, json.toString());
  }

  private static FrozenNetwork load(Path file, GoldenFeatures golden) throws IOException {
    Network network = Networks.of(golden.architecture());
    String last = golden.cuts().containsKey("fc2") ? "fc2" : "avgpool";
    try (Tensors tensors = WeightFiles.open(file)) {
      return FrozenNetwork.of(network, last, golden.shape(), tensors, file.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("weightFiles")
  void givesTheFeaturesOfItsWriter(Path file) throws IOException {
    GoldenFeatures golden = golden(file);
    FrozenNetwork network = load(file, golden);
    log.warn(
        "{}: largest difference {} (the reference's own {})",
        file.getFileName(),
        golden.check(network),
        golden.referenceError());
    network.parameters().close();
  }

  /** From the file, through Graft's own decoding and preprocessing, as the card says. */
  @ParameterizedTest
  @MethodSource("weightFiles")
  void givesTheFeaturesOfAPictureFile(Path file) throws IOException {
    double cosine =
        PictureFeatures.read(file.resolveSibling(file.getFileName() + ".picture.json"))
            .cosine(card(file), file);
    log.warn("{}: picture's cosine {}", file.getFileName(), cosine);
    assertTrue(cosine >= 0.9999, () -> "cosine " + cosine);
  }

  private static BackboneCard card(Path file) {
    String[] name = String.valueOf(file.getFileName()).split("\\.", 3);
    String source = name[1].equals("keras") ? ".keras_in1k" : ".tv_in1k";
    return BackboneCatalog.card(name[0] + source).withWeights(file.getFileName().toString());
  }

  @Test
  void givesTheSameFromADl4jZip(@TempDir Path folder) throws IOException {
    for (Path file : weightFiles()) {
      if (file.endsWith("resnet50.torch.pth")) {
        GoldenFeatures golden = golden(file);
        FrozenNetwork network = load(file, golden);
        Path zip = folder.resolve("resnet50.zip");
        ModelSerializer.writeModel(network.graph(), zip.toFile(), false);
        network.parameters().close();
        golden.check(Dl4jZip.read(zip));
      }
    }
  }
}
