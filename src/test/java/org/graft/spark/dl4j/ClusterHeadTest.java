package org.graft.spark.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;
import org.graft.engine.dl4j.LocalHeadTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same head from processes of their own: other masters, serialisers and thread counts. */
class ClusterHeadTest {
  @TempDir Path folder;

  @Test
  void oneCoreKryoAndFourThreads() throws Exception {
    List<String> kryo =
        List.of(
            "spark.serializer=org.apache.spark.serializer.KryoSerializer",
            "spark.kryo.registrator=org.nd4j.kryo.Nd4jRegistrator",
            "spark.ui.enabled=false");
    assertEquals(expected(), probe("local[1]", "4", kryo));
  }

  @Test
  void twoExecutorProcesses() throws Exception {
    List<String> conf =
        List.of(
            "spark.ui.enabled=false",
            "spark.executorEnv.OMP_NUM_THREADS=2",
            "spark.executor.extraClassPath=" + System.getProperty("java.class.path"));
    assertEquals(expected(), probe("local-cluster[2,1,1024]", "1", conf));
  }

  private static String expected() {
    return LocalHeadTrainer.train(
            HeadProbe.PLAN, HeadProbe.train(), HeadProbe.validation(), r -> {})
        .head()
        .sha256();
  }

  private String probe(String master, String threads, List<String> conf) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(HeadProbe.class.getName(), master));
    command.addAll(conf);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile()).directory(folder.toFile());
    builder.environment().put("OMP_NUM_THREADS", threads);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("SPARK_HOME", sparkHome().getPath());
    Process process = builder.start();
    assertTrue(process.waitFor(180, TimeUnit.SECONDS), "it hangs");
    String log = Files.readString(err, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), log);
    return head(Files.readAllLines(out, StandardCharsets.UTF_8));
  }

  /** Executors get their classes by class path; Spark only wants to see a folder of jars. */
  private File sparkHome() throws IOException {
    Path home = folder.resolve("spark");
    Files.createDirectories(home.resolve("jars"));
    return home.toFile();
  }

  private static String head(List<String> out) {
    return out.stream()
        .filter(line -> line.startsWith("head "))
        .map(line -> line.substring(5))
        .findFirst()
        .orElseThrow();
  }
}
