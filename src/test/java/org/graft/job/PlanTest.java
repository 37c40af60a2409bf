package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.graft.common.ResidentMemory;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {
  @TempDir Path folder;

  @Test
  void saysEveryValueItsOriginTheEngineAndTheMemory() throws IOException {
    TinyJob job = TinyJob.in(folder, 8);
    Files.createDirectories(job.pictures());
    Ended plan = job.verb("plan", "train.l2=0.5", "limits.pixels=1000000").well();
    String said = String.join("\n", plan.out());
    assertTrue(said.matches("(?s).*train\\.l2 +0\\.5 +-s\n.*"), said);
    assertTrue(said.matches("(?s).*train\\.epochs +4 +tiny\\.yaml\n.*"), said);
    assertTrue(said.matches("(?s).*averaging\\.workers +2 +default\n.*"), said);
    assertTrue(said.matches("(?s).*engine +onnxruntime .*"), said);
    assertTrue(said.matches("(?s).*tasks an executor +2, 1 thread each\n.*"), said);
    var memory = plan.summary().required("metrics").required("memory");
    assertEquals(2, memory.required("batches").asInt());
    assertEquals(2 * 8 * 3 * 11 * 9 * 4, memory.required("inputs").asLong());
    assertEquals(2 * 2 * 3 * 1_000_000, memory.required("pictures").asLong());
    assertEquals(0, memory.required("recordings").asLong());
    assertEquals(
        2 * ((64L << 20) + 4 * (64L << 20)) + 2 * 8 * (64L << 20),
        memory.required("files").asLong());
    if (ResidentMemory.bytes().isPresent()) {
      long network = memory.required("network").asLong();
      assertTrue(network >= 0 && network < 1L << 30, memory::toString);
    }
    assertFalse(Files.exists(job.workspace().resolve("features")), "nothing is run");
  }

  @Test
  void saysWhatTheConfigChoseInstead() throws IOException {
    Ended plan = TinyJob.in(folder, 8).verb("plan", "backbone.engine=dl4j").well();
    assertTrue(String.join("\n", plan.out()).matches("(?s).*engine +dl4j 1\\..*"), plan.err());
  }

  @Test
  void rehearsesOnAFewSamplesAndLeavesNothing() throws IOException {
    TinyJob job = TinyJob.in(folder, 8);
    Pictures.write(job.pictures(), 3, 10, 6);
    Ended plan = job.launch().run("plan", job.folder() + "/tiny.yaml", "--samples", "12");
    String said = String.join("\n", plan.out());
    assertEquals(0, plan.status(), plan::err);
    assertTrue(said.matches("(?s).*\nindex +[0-9.]+ s +30 samples to read\n.*"), said);
    assertTrue(
        said.matches("(?s).*\nextract +[0-9.]+ s +about 30 of 30 samples; [0-9.]+ ms each.*"),
        said);
    assertTrue(
        said.matches("(?s).*\nall steps +[0-9.]+ s +by a rehearsal on 12 samples\n.*"), said);
    assertTrue(said.matches("(?s).*\ndisk: features +0\\.0 MiB +6 numbers a sample\n.*"), said);
    for (String step : List.of("index", "extract", "train", "evaluate", "publish")) {
      assertTrue(plan.summary().required("seconds").required(step).asDouble() > 0, step);
    }
    assertEquals(30, plan.summary().required("counts").required("pending").asLong());
    try (Stream<Path> left = Files.walk(job.workspace())) {
      assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void saysWhatIsThereAlready() throws IOException {
    TinyJob job = TinyJob.in(folder, 8);
    Pictures.write(job.pictures(), 3, 10, 6);
    job.verb("extract").well();
    Ended plan = job.verb("plan").well();
    String said = String.join("\n", plan.out());
    assertTrue(said.matches("(?s).*\nindex +0\\.0 s +reused: 30 samples\n.*"), said);
    assertTrue(said.matches("(?s).*\nextract +0\\.0 s +0 of 30 samples; .*"), said);
    assertEquals(0, plan.summary().required("counts").required("pending").asLong());
  }

  @Test
  void refusesWhatMustRunOutOfMemoryBeforeAnythingIsLoaded() throws IOException {
    TinyJob job = TinyJob.in(folder, 8);
    Path card = job.folder().resolve("card.json");
    String large = Files.readString(card).replaceFirst("\"height\" : \\d+", "\"height\" : 90000");
    Files.writeString(card, large);
    Ended plan = job.verb("plan", "backbone.batch=1024");
    assertEquals(2, plan.status());
    assertTrue(
        plan.err()
            .matches(
                "(?s).*graft: Cannot run tiny: the inputs of all batches take \\d+ MiB of an executor's heap, which has"
                    + " \\d+ MiB: lower backbone\\.batch\\. Nothing was run\\.\n.*"),
        plan::err);
  }

  @Test
  void aSourceThatIsNotThereYetHasNoTimes() throws IOException {
    TinyJob job = TinyJob.in(folder, 8);
    Ended plan = job.verb("plan").well();
    String said = String.join("\n", plan.out());
    assertTrue(
        said.matches(
            "(?s).*\ntime +unknown +Cannot read source .*pictures: there is nothing there.*"),
        said);
  }
}
