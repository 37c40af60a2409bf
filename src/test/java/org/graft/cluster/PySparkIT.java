package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.graft.guide.Block;
import org.graft.guide.GuidePage;
import org.graft.job.Launch.Ended;
import org.graft.job.TinyJob;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code src/test/python/spark_ml.py}, and the pages, in a real PySpark: {@code mvn verify
 * -Ppyspark}.
 */
@Tag("pyspark")
class PySparkIT {
  private static final long PATIENCE_MINUTES = 8;

  @TempDir Path folder;

  @Test
  void pythonFitsSavesLoadsAndScores() throws IOException, InterruptedException {
    TinyJob job = TinyJob.in(folder.resolve("job"), 63);
    pictures(job.pictures());
    Ended published = job.run("head.kind=ridge").well();
    String said =
        submit(
            Path.of("src/test/python/spark_ml.py"),
            List.of(job.pictures().toString(), folder.toString(), published.path("bundle")));
    assertTrue(said.contains("spark_ml.py: done"), said);
  }

  /** The Python of the pages: a page is a program, with what comes before it and after it here. */
  @Test
  void thePagesRun() throws IOException, InterruptedException {
    TinyJob job = TinyJob.in(folder.resolve("job"), 63);
    pictures(job.pictures());
    pictures(folder.resolve("conf/quickstart/pictures"));
    Ended published = job.run("head.kind=ridge", "publish.exports=[onnx]").well();
    String script =
        String.join(
            "\n",
            "from pyspark.sql import SparkSession",
            "spark = SparkSession.builder.getOrCreate()",
            code("spark-ml.md"),
            "assert best.labels() == ['bugs', 'fruit', 'road-signs'], best.labels()",
            code("features.md")
                .replace("WORKSPACE", job.workspace().toString())
                .replace("FINGERPRINT", features(job)),
            "assert table.num_rows == 30, table",
            "import numpy, os",
            "os.chdir('" + published.path("bundle") + "')",
            "pictures = numpy.random.default_rng(1).normal(size=(2, 3, 11, 9)).astype('float32')",
            code("bundles.md"),
            "assert labels == ['bugs', 'fruit', 'road-signs'], labels",
            "assert probabilities.shape == (2, 3) and abs(probabilities.sum(1) - 1).max() < 1e-5",
            "print('the pages: done')");
    Path file = folder.resolve("pages.py");
    Files.writeString(file, script);
    String said = submit(file, List.of());
    assertTrue(said.contains("the pages: done"), said);
  }

  /** Ten of each of three labels. */
  private static void pictures(Path to) throws IOException {
    for (String name : List.of("bugs", "fruit", "road-signs")) {
      Path label = Files.createDirectories(to.resolve(name));
      try (Stream<Path> files = Files.list(Path.of("conf/quickstart/pictures").resolve(name))) {
        for (Path file : files.sorted().limit(10).toList()) {
          Files.copy(file, label.resolve(file.getFileName()));
        }
      }
    }
  }

  /** The only fingerprint there is. */
  private static String features(TinyJob job) throws IOException {
    try (Stream<Path> folders = Files.list(job.workspace().resolve("features"))) {
      return folders.findFirst().orElseThrow().getFileName().toString();
    }
  }

  private static String code(String page) throws IOException {
    return GuidePage.all().stream()
        .filter(it -> it.name().equals(page))
        .flatMap(it -> it.blocks().stream())
        .filter(block -> block.language().equals("python"))
        .map(Block::text)
        .collect(Collectors.joining("\n"));
  }

  /** Runs a script to its end; what it said. */
  private String submit(Path script, List<String> arguments)
      throws IOException, InterruptedException {
    Path log = folder.resolve("log.txt");
    Process python = start(script, arguments, log);
    try {
      assertTrue(python.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES), "it takes too long");
    } finally {
      python.destroyForcibly();
    }
    assertEquals(0, python.exitValue(), () -> read(log));
    return read(log);
  }

  private Process start(Path script, List<String> arguments, Path log) throws IOException {
    Path bin = Path.of(System.getProperty("graft.pyspark"), "bin").toAbsolutePath();
    Path target = Path.of("target").toAbsolutePath();
    List<String> command =
        new ArrayList<>(
            List.of(
                bin.resolve("spark-submit").toString(),
                "--master",
                "local[2]",
                "--driver-memory",
                "2g",
                "--driver-class-path",
                target.resolve("graft.jar") + ":" + target.resolve("lib/*"),
                "--py-files",
                target.resolve("graft.jar").toString(),
                script.toAbsolutePath().toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("PYSPARK_PYTHON", bin.resolve("python").toString());
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
