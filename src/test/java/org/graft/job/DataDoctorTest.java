package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.graft.common.Json;
import org.graft.inspect.SampleFindings;
import org.graft.inspect.SampleFindings.Place;
import org.graft.inspect.SampleFindings.Suspect;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy under a wrong label among pictures that are all different. */
class DataDoctorTest {
  private static final String[] ENABLED = {
    "dataDoctor.enabled=true", "dataDoctor.cosine=0.9999999"
  };

  @TempDir static Path folder;
  private static TinyJob job;
  private static Ended ended;
  private static SampleFindings found;

  @BeforeAll
  static void extract() throws IOException {
    job = TinyJob.in(folder, 5);
    Pictures.write(job.pictures(), 2, 30, 5);
    byte[] bytes = Files.readAllBytes(Pictures.file(job.pictures(), 0, 7));
    byte[] otherBytes = Arrays.copyOf(bytes, bytes.length + 1); // the same picture
    Files.write(job.pictures().resolve("class-001/copy.png"), otherBytes);
    ended = job.verb("extract", ENABLED).well();
    found = read(ended);
  }

  private static SampleFindings read(Ended run) throws IOException {
    String path = run.path("findings");
    return Json.read(Files.readAllBytes(Path.of(path)), SampleFindings.class, path);
  }

  @Test
  void theCopyIsFound() {
    assertEquals(61, found.samples());
    assertEquals(1, found.duplicates().pairs(), found.duplicates()::toString);
    assertEquals(1, found.duplicates().otherLabels());
    SampleFindings.Pair pair = found.duplicates().worst().get(0);
    List<String> paths = List.of(name(pair.sample()), name(pair.other()));
    assertTrue(paths.contains("copy.png") && paths.contains("00007.png"), pair::toString);
    assertEquals(1, pair.cosine(), 1e-9);
    List<String> splits = List.of(pair.sample().split(), pair.other().split());
    boolean leak = splits.contains("train") && !splits.get(0).equals(splits.get(1));
    assertEquals(leak ? 1 : 0, found.duplicates().acrossSplits());
  }

  @Test
  void itsLabelLooksWrong() {
    List<Suspect> worst = found.labels().worst();
    assertFalse(worst.isEmpty(), found::toString);
    assertEquals("copy.png", name(worst.get(0).sample()), worst::toString);
    assertEquals("class-001", worst.get(0).sample().label());
    assertEquals("class-000", worst.get(0).suggested());
    assertTrue(worst.get(0).probability() < worst.get(0).suggestedProbability());
    assertTrue(found.labels().heldOutAccuracy() < 1, found::toString);
  }

  @Test
  void theSummaryTellsTheNumbers() {
    assertEquals((double) found.labels().doubtful(), ended.metric("doubtfulLabels"));
    assertEquals(1, ended.metric("nearDuplicates"));
    assertTrue(ended.err().contains(" labels look wrong; of 61 samples "), ended.err());
  }

  @Test
  void theClusterDoesNotShow() throws IOException {
    Launch other = new Launch("local[1]", Map.of("spark.sql.shuffle.partitions", "3"), null);
    TinyJob elsewhere = TinyJob.in(folder.resolve("elsewhere"), 5).on(other);
    String pictures = "source.path=" + job.pictures();
    Ended again =
        elsewhere.verb("extract", ENABLED[0], ENABLED[1], pictures, "extract.partitions=5").well();
    assertEquals(found, read(again));
  }

  private static String name(Place place) {
    return place.path().replaceFirst(".*/", "");
  }
}
