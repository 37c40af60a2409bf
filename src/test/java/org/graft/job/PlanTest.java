package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graft.common.ResidentMemory;
import org.graft.job.Launch.Ended;
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
}
