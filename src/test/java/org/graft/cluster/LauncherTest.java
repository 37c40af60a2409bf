package org.graft.cluster;

import static org.graft.cluster.BuiltCheckout.executable;
import static org.graft.cluster.BuiltCheckout.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code submit/graft} in a checkout that looks built, with a {@code spark-submit} that only tells
 * how it was called.
 */
class LauncherTest {
  @TempDir Path folder;
  private BuiltCheckout checkout;
  private Path root;
  private Path spark;

  private record Result(int exit, List<String> out, String err) {}

  @BeforeEach
  void lookBuilt() throws IOException {
    checkout = BuiltCheckout.in(folder);
    root = checkout.root();
    spark = checkout.spark();
  }

  private Result run(Map<String, String> environment, String... arguments) throws Exception {
    return run(checkout.launcher(), environment, arguments);
  }

  private Result run(Path launcher, Map<String, String> environment, String... arguments)
      throws Exception {
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments)).toList())
            .directory(folder.toFile())
            .redirectOutput(out)
            .redirectError(err);
    builder.environment().putAll(checkout.environment());
    builder.environment().putAll(environment);
    int exit = builder.start().waitFor();
    return new Result(exit, Files.readAllLines(out.toPath()), Files.readString(err.toPath()));
  }

  /** What came after the main class's jar: the program's own arguments. */
  private static List<String> program(Result result) {
    int jar = result.out.indexOf("[org.graft.job.Main]") + 1;
    return result.out.subList(jar + 1, result.out.size());
  }

  private static void assertOption(Result result, String name, String value) {
    List<String> out = result.out;
    boolean found = false;
    for (int i = 1; i < out.size(); i++) {
      found |= out.get(i - 1).equals("[" + name + "]") && out.get(i).equals("[" + value + "]");
    }
    assertTrue(found, name + " " + value + " in " + out);
  }

  @Test
  void argumentsReachTheProgramAsTheyAreAndItsExitCodeComesBack() throws Exception {
    Result result = run(Map.of(), "run", "my conf.yaml", "-s", "a=b c*", "-s", "x=", "--json", "f");
    assertEquals(5, result.exit, result.err);
    assertEquals(
        List.of("[run]", "[my conf.yaml]", "[-s]", "[a=b c*]", "[-s]", "[x=]", "[--json]", "[f]"),
        program(result));
    assertTrue(result.out.contains("[" + root.toRealPath() + "/target/graft.jar]"));
    assertTrue(result.out.contains("OMP=1"));
    assertEquals("", result.err);
  }

  @Test
  void sparksOptionsGoToSpark() throws Exception {
    Result result =
        run(
            Map.of(),
            "run",
            "--conf",
            "spark.a=b c",
            "c.yaml",
            "--executor-memory=3g",
            "-s",
            "k=v");
    assertOption(result, "--conf", "spark.a=b c");
    assertOption(result, "--executor-memory", "3g");
    assertOption(result, "--master", "local[*]");
    assertEquals(List.of("[run]", "[c.yaml]", "[-s]", "[k=v]"), program(result));
  }

  @Test
  void theUsersMemoryComesAfterOurs() throws Exception {
    Result result =
        run(Map.of("GRAFT_DRIVER_MEMORY", "777m"), "run", "c.yaml", "--driver-memory", "9g");
    List<String> out = result.out;
    assertTrue(out.indexOf("[777m]") > 0 && out.indexOf("[9g]") > out.indexOf("[777m]"), "" + out);
  }

  @Test
  void locallyNothingIsShipped() throws Exception {
    Result result = run(Map.of(), "run", "c.yaml");
    assertTrue(!result.out.contains("[--jars]"), result.out.toString());
    String lib = root.toRealPath() + "/target/lib/*";
    assertOption(result, "--driver-class-path", root.toRealPath() + "/target/graft.jar:" + lib);
  }

  @Test
  void onAClusterTheLibrariesAreShippedWithTheUsers() throws Exception {
    Result result =
        run(Map.of(), "run", "c.yaml", "--master", "spark://host:7077", "--jars", "mine.jar");
    assertOption(result, "--master", "spark://host:7077");
    String lib = root.toRealPath() + "/target/lib/";
    assertOption(result, "--jars", lib + "one.jar," + lib + "two.jar,mine.jar");
  }

  @Test
  void librariesThatWorkersHaveAreNotShipped() throws Exception {
    Result result =
        run(
            Map.of("GRAFT_WORKER_LIB", "/opt/graft"),
            "run",
            "c.yaml",
            "--master",
            "spark://h:7077");
    assertTrue(!result.out.contains("[--jars]"), result.out.toString());
    assertOption(result, "--conf", "spark.executor.extraClassPath=/opt/graft/*");
  }

  /** Two collectors are an error of Java's. */
  @Test
  void theUsersCollectorIsTheOnlyOne() throws Exception {
    assertTrue(choosesCollector(Map.of()));
    assertTrue(choosesCollector(Map.of(), "--master", "local[2]"));
    assertTrue(choosesCollector(Map.of(), "--driver-java-options", "-Dx=y"));
    assertFalse(choosesCollector(Map.of(), "--driver-java-options", "-XX:+UseG1GC"));
    assertFalse(choosesCollector(Map.of(), "--conf=spark.driver.extraJavaOptions=-XX:+UseZGC"));
    assertFalse(choosesCollector(Map.of(), "--properties-file", "mine.conf"));
    assertFalse(choosesCollector(Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseSerialGC")));
    assertFalse(choosesCollector(Map.of(), "--master", "spark://h:7077"));
  }

  /**
   * Asks a Java that tells what the embedded Spark's launcher was called with, and runs nothing.
   */
  private boolean choosesCollector(Map<String, String> environment, String... options)
      throws Exception {
    Path java = folder.resolve("jdk/bin/java");
    Path asked = folder.resolve("asked");
    String tell = "[ \"$1\" != -version ] || { echo 'openjdk version \"17.0.1\"' >&2; exit; }\n";
    write(java, "#!/bin/sh\n" + tell + "echo \"$*\" >'" + asked + "'\n");
    executable(java);
    Map<String, String> embedded = new HashMap<>(environment);
    embedded.put("JAVA_HOME", folder + "/jdk");
    embedded.put("SPARK_HOME", "");
    run(
        embedded,
        Stream.concat(Stream.of("run", "c.yaml"), Stream.of(options)).toArray(String[]::new));
    return Files.readString(asked).contains("-XX:+UseParallelGC");
  }

  @Test
  void logsAreTextUnlessJsonIsAskedFor() throws Exception {
    String json = "-Dgraft.logs=json";
    assertFalse(run(Map.of(), "run", "c.yaml").out.toString().contains(json));
    String out = run(Map.of("GRAFT_LOGS", "json"), "run", "c.yaml").out.toString();
    assertTrue(out.contains(json), out);
    assertTrue(out.contains("-Dlog4j2.configurationFile=" + root.toRealPath()), out);
    Result other = run(Map.of("GRAFT_LOGS", "xml"), "run", "c.yaml");
    assertEquals(2, other.exit);
    assertTrue(other.err.startsWith("graft: Cannot log as GRAFT_LOGS=xml"), other.err);
  }

  @Test
  void aLinkToTheLauncherFindsItsCheckout() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("g"), Path.of("a check out/submit/graft"));
    Result result = run(link, Map.of(), "run", "c.yaml");
    assertEquals(5, result.exit, result.err);
    assertTrue(result.out.contains("[" + root.toRealPath() + "/target/graft.jar]"));
  }

  @Test
  void anotherJavaIsRefused() throws Exception {
    Path java = folder.resolve("jdk/bin/java");
    write(java, "#!/bin/sh\necho 'openjdk version \"21.0.1\" 2023-10-17' >&2\n");
    executable(java);
    Result result = run(Map.of("JAVA_HOME", folder + "/jdk"), "run", "c.yaml");
    assertEquals(2, result.exit);
    assertEquals(
        "graft: Cannot run on Java 21 ("
            + java
            + "): Graft needs Java 17. Set JAVA_HOME to a JDK"
            + " 17.\n",
        result.err);
    Result none = run(Map.of("JAVA_HOME", folder + "/none"), "run", "c.yaml");
    assertEquals(2, none.exit);
    assertTrue(none.err.startsWith("graft: Cannot find Java: "), none.err);
  }

  @Test
  void aSparkHomeWithoutSparkIsRefused() throws Exception {
    Result result = run(Map.of("SPARK_HOME", folder + "/none"), "run", "c.yaml");
    assertEquals(2, result.exit);
    assertTrue(result.err.contains("it holds no bin/spark-submit"), result.err);
  }

  @Test
  void clusterModeIsRefusedWhereExitCodesAreLost() throws Exception {
    for (String master : List.of("local[2]", "spark://h:7077")) {
      Result result = run(Map.of(), "run", "c.yaml", "--deploy-mode=cluster", "--master", master);
      assertEquals(2, result.exit);
      assertEquals(
          "graft: Cannot run in cluster mode on "
              + master
              + ": the exit code would be lost. Leave out --deploy-mode.\n",
          result.err);
    }
    Result kubernetes =
        run(Map.of(), "run", "c.yaml", "--deploy-mode=cluster", "--master", "k8s://https://h");
    assertEquals(2, kubernetes.exit);
    assertTrue(kubernetes.err.contains("GRAFT_WORKER_LIB is not set"), kubernetes.err);
    assertEquals(2, run(Map.of(), "run", "c.yaml", "--master").exit);
  }

  @Test
  void onYarnTheJarIsAFileAndTheRestAnArchiveThatIsMadeOnce() throws Exception {
    String[] command = {"run", "c.yaml", "--master", "yarn", "--files", "f", "--archives", "a#b"};
    Result result = run(Map.of(), command);
    Path archive = root.toRealPath().resolve("target/graft-lib.zip");
    assertEquals("graft: writing " + archive + "\n", result.err);
    assertOption(result, "--archives", archive + "#graft,a#b");
    assertOption(result, "--files", root.toRealPath() + "/target/graft.jar,f");
    assertOption(result, "--conf", "spark.executor.extraClassPath=graft.jar:graft/*");
    assertTrue(result.out.contains("[spark-internal]"), "" + result.out);
    assertTrue(!result.out.contains("[--jars]"), "" + result.out);
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      assertEquals(
          List.of("one.jar", "two.jar"),
          zip.stream().map(ZipEntry::getName).filter(n -> !n.endsWith("/")).sorted().toList());
    }
    assertEquals("", run(Map.of(), command).err);
    assertTrue(archive.toFile().setLastModified(0));
    assertEquals("graft: writing " + archive + "\n", run(Map.of(), command).err);

    Result uploaded = run(Map.of("GRAFT_ARCHIVE", "hdfs:///graft.zip"), command);
    assertOption(uploaded, "--archives", "hdfs:///graft.zip#graft,a#b");
    Result installed = run(Map.of("GRAFT_WORKER_LIB", "/opt/graft"), command);
    assertOption(installed, "--conf", "spark.executor.extraClassPath=graft.jar:/opt/graft/*");
    assertOption(installed, "--archives", "a#b");
  }

  @Test
  void onYarnTheScriptThatFindsCardsGoesAlongWhereExecutorsHaveSome() throws Exception {
    Map<String, String> environment = Map.of("GRAFT_ARCHIVE", "hdfs:///graft.zip");
    String[] command = {"run", "c.yaml", "--master", "yarn"};
    Result without = run(environment, command);
    assertOption(without, "--files", root.toRealPath() + "/target/graft.jar");
    assertOption(without, "--conf", "spark.executorEnv.CUDA_DEVICE_ORDER=PCI_BUS_ID");
    Result cards =
        run(environment, with(command, "--conf", "spark.executor.resource.gpu.amount=2"));
    assertOption(
        cards,
        "--files",
        "%1$s/target/graft.jar,%1$s/submit/discover-gpus.sh".formatted(root.toRealPath()));
    assertOption(cards, "--conf", "spark.executor.resource.gpu.discoveryScript=./discover-gpus.sh");
  }

  @Test
  void inYarnsClusterModeTheConfigGoesAlong() throws Exception {
    Path config = folder.resolve("some where/c.yaml");
    write(config, "");
    Map<String, String> environment = Map.of("GRAFT_ARCHIVE", "hdfs:///graft.zip");
    String[] yarn = {"--master", "yarn", "--deploy-mode", "cluster"};
    Result result =
        run(
            environment,
            with(
                yarn,
                "run",
                "-s",
                "a=b",
                config.toString(),
                "--json",
                "hdfs:///sum",
                "--if-changed"));
    assertEquals(
        List.of(
            "[run]", "[-s]", "[a=b]", "[c.yaml]", "[--json]", "[hdfs:///sum]", "[--if-changed]"),
        program(result));
    assertOption(result, "--deploy-mode", "cluster");
    assertOption(result, "--files", root.toRealPath() + "/target/graft.jar," + config);
    assertOption(result, "--driver-class-path", "graft.jar:graft/*");

    Result missing = run(environment, with(yarn, "run", "none.yaml"));
    assertEquals(2, missing.exit);
    assertTrue(missing.err.contains("there is no file none.yaml"), missing.err);
    Result json = run(environment, with(yarn, "run", config.toString(), "--json", "sum.json"));
    assertEquals(2, json.exit);
    assertTrue(json.err.contains("it would stay on the driver's machine"), json.err);
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Stream.of(more), Stream.of(some)).toArray(String[]::new);
  }

  /** Spark only tells what the driver ended with. */
  @Test
  void inClusterModeTheExitCodeIsTheDrivers() throws Exception {
    write(folder.resolve("c.yaml"), "");
    assertEquals(3, clusterMode("yarn", 1, "diagnostics: User application exited with status 3"));
    assertEquals(1, clusterMode("yarn", 1, "final status: FAILED, exit code: 7"));
    assertEquals(0, clusterMode("yarn", 0, "final status: SUCCEEDED"));
    assertEquals(75, clusterMode("k8s://https://h", 0, "\t exit code: 75"));
    assertEquals(0, clusterMode("k8s://https://h", 0, "\t exit code: 0"));
    assertEquals(1, clusterMode("k8s://https://h", 0, "phase: Pending"));
  }

  private int clusterMode(String master, int status, String log) throws Exception {
    write(
        spark.resolve("bin/spark-submit"),
        "#!/bin/sh\necho out\necho '" + log + "' >&2\nexit " + status + "\n");
    Result result =
        run(
            Map.of("GRAFT_WORKER_LIB", "/opt/graft"),
            "run",
            "c.yaml",
            "--deploy-mode=cluster",
            "--master",
            master);
    assertEquals(List.of("out"), result.out);
    assertTrue(result.err.contains(log), result.err);
    return result.exit;
  }

  @Test
  void onKubernetesInClusterModeTheJarsAreTheImages() throws Exception {
    Result result =
        run(
            Map.of("GRAFT_WORKER_LIB", "/opt/graft"),
            "run",
            "/etc/graft/job.yaml",
            "--deploy-mode=cluster",
            "--master=k8s://https://h");
    assertTrue(result.out.contains("[local:///opt/graft/graft.jar]"), "" + result.out);
    assertOption(result, "--driver-class-path", "/opt/graft/*");
    assertOption(result, "--conf", "spark.executor.extraClassPath=/opt/graft/*");
    assertEquals(List.of("[run]", "[/etc/graft/job.yaml]"), program(result));
  }

  @Test
  void anArchiveIsWrittenWhereItIsWanted() throws Exception {
    Path file = folder.resolve("some where.zip");
    Result result = run(Map.of(), "archive", file.toString());
    assertEquals(0, result.exit, result.err);
    assertEquals(List.of(file.toString()), result.out);
    assertTrue(Files.isRegularFile(file));
  }

  @Test
  void everyProcessIsToldWhereItHasTheNativesOfABuildForCards() throws Exception {
    assertFalse(run(Map.of(), "run", "c.yaml").out.toString().contains("onnxruntime"));
    write(root.resolve("target/lib/onnxruntime-cuda/libonnxruntime.so"), "natives");
    String option = "-Donnxruntime.native.path=";
    String here = "\"" + option + root.toRealPath() + "/target/lib/onnxruntime-cuda\"";
    Map<String, String> copies = Map.of("GRAFT_WORKER_LIB", "/opt/graft");
    String shipped = "\"" + option + "onnxruntime-cuda\"";

    Result local = run(Map.of(), "run", "c.yaml");
    assertEquals(List.of(here, here), natives(local));
    assertFalse(local.out.toString().contains("--archives"), local.out.toString());
    Result copied = run(copies, "run", "c.yaml", "--master", "spark://h:7077");
    assertEquals(List.of(here, "\"" + option + "/opt/graft/onnxruntime-cuda\""), natives(copied));
    Result sent = run(Map.of(), "run", "c.yaml", "--master", "spark://h:7077");
    assertEquals(List.of(here, shipped), natives(sent));
    Path archive = root.toRealPath().resolve("target/graft-onnxruntime-cuda.zip");
    assertOption(sent, "--archives", archive + "#onnxruntime-cuda");
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      assertTrue(zip.stream().map(ZipEntry::getName).toList().contains("libonnxruntime.so"));
    }
    assertEquals("", run(Map.of(), "run", "c.yaml", "--master", "spark://h:7077").err);
    Result yarn =
        run(Map.of("GRAFT_ARCHIVE", "hdfs:///g.zip"), "run", "c.yaml", "--master", "yarn");
    assertEquals(List.of(here, "\"" + option + "graft/onnxruntime-cuda\""), natives(yarn));
  }

  /** What the driver is told, and what executors are. */
  private static List<String> natives(Result result) {
    return Stream.of("driver", "executor")
        .map(
            who ->
                result.out.stream()
                    .filter(line -> line.startsWith("[spark." + who + ".defaultJavaOptions="))
                    .findFirst()
                    .orElseThrow())
        .map(line -> line.replaceAll(".*(\"-Donnxruntime[^\"]*\").*", "$1"))
        .toList();
  }

  @Test
  void helpNeedsNoBuild() throws Exception {
    Files.delete(root.resolve("target/graft.jar"));
    Result help = run(Map.of("JAVA_HOME", "/none"), "run", "--help");
    assertEquals(0, help.exit, help.err);
    assertTrue(help.out.get(0).startsWith("usage: graft VERB"), "" + help.out);
    Result nothing = run(Map.of());
    assertEquals(2, nothing.exit);
    assertTrue(nothing.out.isEmpty() && nothing.err.startsWith("usage: "), nothing.err);
  }

  @Test
  void aMissingJarIsBuiltAndAFailingBuildIsTold() throws Exception {
    Files.delete(root.resolve("target/graft.jar"));
    write(root.resolve("pom.xml"), "<project/>");
    Path maven = folder.resolve("bin/mvn");
    write(maven, "#!/bin/sh\necho \"built in $PWD\"\ntouch target/graft.jar\n");
    executable(maven);
    Map<String, String> path = Map.of("PATH", folder + "/bin:" + System.getenv("PATH"));
    Result built = run(path, "run", "c.yaml");
    assertEquals(5, built.exit, built.err);
    assertTrue(built.err.contains("built in " + root.toRealPath()), built.err);
    assertTrue(!built.out.toString().contains("built in"), built.out.toString());
    assertEquals("", run(path, "run", "c.yaml").err);

    Files.delete(root.resolve("target/graft.jar"));
    write(maven, "#!/bin/sh\nexit 1\n");
    Result failed = run(path, "run", "c.yaml");
    assertEquals(1, failed.exit);
    assertTrue(failed.err.endsWith("Cannot build: Maven failed, see above.\n"), failed.err);
  }
}
