package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.launcher.JavaModuleOptions;
import org.graft.common.Json;
import org.graft.spark.ManyRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many samples go through index, split, joins and manifest in a small heap, which is driver's and
 * executor's at once. Ten million in 2 GB: {@code mvn test -Dtest=ScaleTest -Dgraft.rows=10000000
 * -Dgraft.heap=2g}.
 */
class ScaleTest {
  private static final int ROWS = Integer.getInteger("graft.rows", 150_000);
  private static final String HEAP = System.getProperty("graft.heap", "560m");
  private static final Duration PATIENCE = Duration.ofHours(2);

  @TempDir Path folder;

  @Test
  void manyRowsNeedLittleHeap() throws Exception {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, JavaModuleOptions.defaultModuleOptions().trim().split(" +"));
    command.addAll(
        List.of(
            "-Xmx" + HEAP,
            "-XX:+UseParallelGC",
            "-cp",
            System.getProperty("java.class.path"),
            ManyRows.class.getName(),
            folder.toString(),
            String.valueOf(ROWS)));
    Path log = folder.resolve("log");
    try (JavaProcess rows =
        JavaProcess.start(command, Map.of("SPARK_LOCAL_IP", "127.0.0.1"), log)) {
      Watch.until(() -> !rows.process().isAlive(), PATIENCE);
      String said = Files.readString(log);
      assertEquals(0, rows.process().exitValue(), said);
      String last = said.strip().substring(said.strip().lastIndexOf('\n') + 1);
      Map<String, Object> told = Json.readMap(last.getBytes(StandardCharsets.UTF_8), "last line");
      System.out.printf("scale: %d rows in %s: %s%n", ROWS, HEAP, told);
      assertTrue(((Number) told.get("parts")).intValue() >= ROWS / 1024, last);
    }
  }
}
