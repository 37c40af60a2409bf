package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two cuts of a small network, and networks that cannot be measured. */
class RankTest {
  @TempDir static Path folder;
  private static TinyJob job;
  private static Ended ended;

  @BeforeAll
  static void rank() throws IOException {
    job = TinyJob.in(folder, 5);
    Pictures.write(job.pictures(), 3, 40, 5);
    ended = ranked("--backbones", card() + "@*,resnet18.tv_in1k", "--samples", "36").well();
  }

  private static String card() {
    return folder.resolve("card.json").toString();
  }

  private static Ended ranked(String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("rank", folder.resolve("tiny.yaml").toString()));
    args.addAll(List.of("-s", "weights.offline=true", "-s", "weights.cache=" + folder));
    args.addAll(List.of(options));
    return Launch.LOCAL.run(args.toArray(String[]::new));
  }

  private static JsonNode ranking(Ended ended) {
    return ended.summary().required("metrics").required("ranking");
  }

  @Test
  void bothCutsAreMeasuredOnTheSameSample() {
    JsonNode ranked = ranking(ended).required("ranked");
    assertEquals(2, ranked.size(), ranked::toString);
    long sampled = ended.count("sampled");
    assertTrue(sampled >= 36 && sampled <= 38, "sampled " + sampled); // shares are rounded up
    double before = 1;
    for (JsonNode one : ranked) {
      assertEquals(sampled, one.required("samples").asLong());
      double accuracy = one.required("accuracy").asDouble();
      assertTrue(accuracy > 1.0 / 3 && accuracy <= before, ranked::toString);
      before = accuracy;
      assertEquals(
          120, one.required("seconds").asDouble() * one.required("perSecond").asDouble(), 1e-6);
    }
    String best =
        ranked.get(0).required("backbone").asText() + "@" + ranked.get(0).required("cut").asText();
    assertEquals(best, ranking(ended).required("recommended").asText());
  }

  @Test
  void whatCannotBeMeasuredIsSaid() {
    JsonNode missing = ranking(ended).required("missing");
    assertEquals(1, missing.size(), missing::toString);
    assertEquals("resnet18.tv_in1k@avgpool", missing.get(0).required("backbone").asText());
    String text = String.join("\n", ended.out());
    assertTrue(text.contains("not ranked: resnet18.tv_in1k@avgpool: Cannot "), text);
  }

  @Test
  void theTableRecommendsOne() {
    String text = String.join("\n", ended.out());
    assertTrue(text.contains("NETWORK@CUT"), text);
    assertTrue(
        text.contains("recommended: " + ranking(ended).required("recommended").asText()), text);
    assertEquals(1, ended.out().stream().filter(line -> line.endsWith(" recommended")).count());
  }

  @Test
  void nothingOfTheSampleIsKept() throws IOException {
    assertFalse(Files.exists(job.workspace().resolve("features")));
    try (var left = Files.walk(job.workspace())) {
      assertEquals(List.of(), left.filter(f -> f.toString().contains("/rank")).toList());
    }
  }

  @Test
  void mistakesAreNamed() throws IOException {
    assertSaid("it has no cut 'flatt'. Did you mean 'flat'?", "--backbones", card() + "@flatt");
    assertSaid("it reads texts, and the job's", "--backbones", "minilm_l6.st");
    assertSaid("samples must have one label each", "-s", "multiLabel=true");
  }

  private static void assertSaid(String text, String... options) throws IOException {
    Ended refused = ranked(options);
    assertEquals(2, refused.status(), refused.err());
    assertTrue(refused.err().contains(text), refused.err());
  }
}
