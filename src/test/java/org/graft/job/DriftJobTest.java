package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.graft.bundle.Attachment;
import org.graft.bundle.BundleReader;
import org.graft.bundle.BundleWriter;
import org.graft.bundle.ModelBundle;
import org.graft.common.Json;
import org.graft.common.LocalStorage;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far later samples are from those of a training, in runs and in scoring. */
class DriftJobTest {
  private static final String LINE = "drift      from the training of ";
  private static final String WARNING =
      "warning: these samples are unlike those of the training of ";

  @TempDir static Path folder;
  private static TinyJob job;
  private static Path alike;
  private static Path shifted;
  private static Path version1;

  @BeforeAll
  static void publish() throws IOException {
    job = TinyJob.in(folder, 21);
    Pictures.write(job.pictures(), 3, 40, 21);
    alike = folder.resolve("alike");
    Pictures.write(alike, 3, 40, 22);
    shifted = folder.resolve("shifted");
    Pictures.write(shifted, 3, 40, 23);
    for (Path file : Pictures.in(shifted)) {
      invert(file);
    }
    for (int index = 5; index < 40; index++) { // and few of the first class
      Files.delete(Pictures.file(shifted, 0, index));
    }
    Ended first = job.run().well();
    assertFalse(first.err().contains("drift "), first.err());
    version1 = Path.of(first.path("bundle"));
    assertTrue(Files.exists(version1.resolve("profile.json")));
  }

  private static void invert(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, ~image.getRGB(x, y) | 0xff000000);
      }
    }
    ImageIO.write(image, "png", file.toFile());
  }

  private static Ended score(Path bundle, Path pictures, String output, String... settings)
      throws IOException {
    String[] all = Arrays.copyOf(settings, settings.length + 3);
    all[settings.length] = "bundle=" + bundle;
    all[settings.length + 1] = "source.path=" + pictures;
    all[settings.length + 2] = "output=" + folder.resolve(output);
    return job.score(all).well();
  }

  @Test
  void othersOfTheirKindAreApartByChance() throws IOException {
    Ended ended = score(version1, alike, "of-alike");
    assertTrue(ended.err().contains(LINE + version1 + ": featureMean 0.0"), ended.err());
    assertFalse(ended.err().contains("warning"), ended.err());
    for (String name : List.of("featureMean", "featureCovariance", "predictions", "confidence")) {
      double chance = ended.metric("drift." + name + ".byChance");
      assertTrue(ended.metric("drift." + name) < chance + 0.1, name + " " + ended.err());
    }
  }

  @Test
  void shiftedPicturesAreSaid() throws IOException {
    Ended ended = score(version1, shifted, "of-shifted", "drift.warn.predictions=1");
    assertTrue(ended.err().contains(WARNING + version1 + ": featureMean "), ended.err());
    assertTrue(ended.metric("drift.featureMean") > 0.5, ended.err());
    JsonNode written = Json.mapper().readTree(Path.of(ended.path("drift")).toFile());
    assertEquals(85, written.required("drift").required("samples").asInt());
    JsonNode distances = written.required("drift").required("distances");
    assertTrue(distances.path("labels").isMissingNode()); // which nobody has
    assertEquals(
        ended.metric("drift.featureMean"),
        distances.required("featureMean").required("value").asDouble());
  }

  @Test
  void aRunIsComparedWithTheVersionInUse() throws IOException {
    Ended ended = job.run("source.path=" + shifted).well();
    assertTrue(ended.err().contains(LINE + "version 1 of tiny: featureMean "), ended.err());
    assertTrue(ended.err().contains(WARNING + "version 1 of tiny: featureMean "), ended.err());
    // of 85 instead of 120 samples a class has 5 instead of 40
    assertTrue(ended.metric("drift.labels") > 0.2, ended.err());
    assertTrue(Files.readString(Path.of(ended.path("report"))).contains("drift.featureMean"));
    assertTrue(Files.exists(Path.of(ended.path("bundle")).resolve("profile.json")));
  }

  @Test
  void aVersionWithoutAProfileSaysSo() throws IOException {
    LocalStorage storage = new LocalStorage();
    BundleReader reader = new BundleReader(storage);
    ModelBundle bundle = reader.read(version1.toString());
    String name = bundle.backboneFile().orElseThrow();
    Path weights = folder.resolve(name);
    reader.fetch(bundle, name, weights);
    Path old = folder.resolve("old");
    new BundleWriter(storage, old.toString())
        .write(bundle.content(), List.of(Attachment.backbone(weights)));
    Ended ended = score(old, alike, "of-old");
    assertEquals(120, ended.count("scored"));
    assertTrue(
        ended.err().contains("not known: " + old.resolve("1") + " has no profile"), ended.err());
    assertFalse(ended.err().contains(LINE), ended.err());
  }
}
