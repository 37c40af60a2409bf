package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.graft.common.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code submit/airflow/graft_dag.py} in a real Airflow, which runs the real quickstart: {@code mvn
 * verify -Pairflow}.
 */
@Tag("airflow")
class AirflowIT {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final String LOCK =
      """
      {"runId": "20260101-000000-abcdefgh", "verb": "run", "host": "elsewhere", "pid": 5, "place": "",
       "since": "2026-01-01T00:00:00Z", "staleSeconds": 86400, "beats": 3, "released": false}
      """;

  @TempDir Path folder;
  private String settings = "train.baseline=false train.epochs=5 publish.exports=[]";

  private Process start(String name, String... command) throws IOException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("graft.airflow"), "bin", "airflow").toString());
    all.addAll(List.of(command));
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectOutput(folder.resolve(name + ".out").toFile())
            .redirectError(folder.resolve(name + ".err").toFile());
    Map<String, String> environment = builder.environment();
    String dags = Path.of("submit/airflow").toAbsolutePath().toString();
    environment.remove("SPARK_HOME");
    environment.put("PATH", dags + File.pathSeparator + environment.get("PATH"));
    environment.put("AIRFLOW_HOME", folder.resolve("airflow").toString());
    environment.put("AIRFLOW__CORE__DAGS_FOLDER", dags);
    environment.put("AIRFLOW__CORE__LOAD_EXAMPLES", "False");
    environment.put("AIRFLOW_CONN_SPARK_DEFAULT", "spark://local%5B2%5D");
    environment.put("GRAFT_HOME", Path.of("").toAbsolutePath().toString());
    environment.put("GRAFT_CONF", Path.of("conf/quickstart.yaml").toAbsolutePath().toString());
    environment.put("GRAFT_SETTINGS", settings + " workspace=" + folder.resolve("workspace"));
    environment.put("GRAFT_SUMMARIES", folder.toString());
    environment.put("GRAFT_RETRY", "1");
    environment.put("GRAFT_DRIVER_MEMORY", "1500m");
    environment.put("GRAFT_CACHE", folder.resolve("cache").toString());
    environment.put("PYTHONWARNINGS", "ignore");
    return builder.start();
  }

  private String airflow(String name, int status, String... command) throws Exception {
    Process process = start(name, command);
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String out = Files.readString(folder.resolve(name + ".out"));
    assertEquals(
        status, process.waitFor(), () -> name + ":\n" + out + "\n" + folder.resolve(name + ".err"));
    return out;
  }

  private JsonNode table(String name, String... command) throws Exception {
    String out = airflow(name, 0, command);
    return Json.mapper().readTree(out.substring(out.indexOf('[')));
  }

  /** How each task of a day's run ended. */
  private Map<String, String> states(String day) throws Exception {
    String run = null;
    for (JsonNode one : table("runs", "dags", "list-runs", "graft", "-o", "json")) {
      if (one.required("logical_date").asText().startsWith(day)) {
        run = one.required("run_id").asText();
      }
    }
    Map<String, String> states = new TreeMap<>();
    for (JsonNode task :
        table("states", "tasks", "states-for-dag-run", "graft", run, "-o", "json")) {
      states.put(task.required("task_id").asText(), task.required("state").asText());
    }
    return states;
  }

  private static Map<String, String> ended(String branch) {
    Map<String, String> states = new TreeMap<>(Map.of("graft", "success", "after", "success"));
    for (String task : List.of("published", "nothing_new", "gate_missed")) {
      states.put(task, task.equals(branch) ? "success" : "skipped");
    }
    return states;
  }

  private Path summary(String day) {
    return folder.resolve("graft-" + day.replace("-", "") + "T000000.json");
  }

  private int exitCode(String day) throws IOException {
    return Json.mapper().readTree(summary(day).toFile()).required("exitCode").asInt();
  }

  private String inUse() throws IOException {
    return Files.readString(folder.resolve("workspace/models/quickstart/latest")).strip();
  }

  @Test
  void nightsThatPublishFindNothingMissAGateAndMeetALock() throws Exception {
    airflow("migrate", 0, "db", "migrate");
    airflow("first", 0, "dags", "test", "graft", "2026-01-30");
    assertEquals(ended("published"), states("2026-01-30"));
    assertEquals(0, exitCode("2026-01-30"));
    assertEquals("1", inUse());

    airflow("same", 0, "dags", "test", "graft", "2026-01-30");
    assertEquals("unchanged", outcome("2026-01-30"));

    String before = settings;
    settings = before + " gate.accuracy=>=1.1";
    airflow("missed", 0, "dags", "test", "graft", "2026-01-31");
    assertEquals(ended("gate_missed"), states("2026-01-31"));
    assertEquals(3, exitCode("2026-01-31"));
    assertEquals("1", inUse());

    settings = before + " train.epochs=0";
    airflow("wrong", 1, "dags", "test", "graft", "2026-02-01");
    assertEquals("failed", states("2026-02-01").get("graft"));
    assertEquals(2, exitCode("2026-02-01"));

    settings = before + " train.epochs=6";
    assertTriedAgain("2026-02-02");
    assertEquals(ended("published"), states("2026-02-02"));
    assertEquals("2", inUse());
  }

  private String outcome(String day) throws IOException {
    return Json.mapper().readTree(summary(day).toFile()).required("outcome").asText();
  }

  /** Another run holds the workspace when it begins, and has ended when it is tried again. */
  private void assertTriedAgain(String day) throws Exception {
    Path lock = folder.resolve("workspace/locks/run-9999.json");
    Files.writeString(lock, LOCK);
    assertFalse(Files.exists(summary(day)));
    Process run = start("locked", "dags", "test", "graft", day);
    Watch.until(() -> !run.isAlive() || Files.exists(summary(day)), PATIENCE);
    assertEquals(75, exitCode(day));
    Files.delete(lock);
    assertTrue(run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "still running");
    assertEquals(0, run.exitValue());
    assertEquals(0, exitCode(day));
  }
}
