package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.graft.job.Launch.Ended;
import org.graft.job.TinyJob;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code src/test/python/spark_ml.py} in a real PySpark: {@code mvn verify -Ppyspark}. */
@Tag("pyspark")
class PySparkIT {
  private static final long PATIENCE_MINUTES = 8;

  @TempDir Path folder;

  @Test
  void pythonFitsSavesLoadsAndScores() throws IOException, InterruptedException {
    TinyJob job = TinyJob.in(folder.resolve("job"), 63);
    for (String name : List.of("bugs", "fruit", "road-signs")) {
      Path to = Files.createDirectories(job.pictures().resolve(name));
      try (Stream<Path> files = Files.list(Path.of("conf/quickstart/pictures").resolve(name))) {
        for (Path file : files.sorted().limit(10).toList()) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
    Ended published = job.run("head.kind=ridge").well();
    Path log = folder.resolve("log.txt");
    Process python = start(job, published.path("bundle"), log);
    try {
      assertTrue(python.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES), "it takes too long");
    } finally {
      python.destroyForcibly();
    }
    assertEquals(0, python.exitValue(), () -> read(log));
    assertTrue(read(log).contains("spark_ml.py: done"), () -> read(log));
  }

  private Process start(TinyJob job, String model, Path log) throws IOException {
    Path bin = Path.of(System.getProperty("graft.pyspark"), "bin").toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(
            bin.resolve("spark-submit").toString(),
            "--master",
            "local[2]",
            "--driver-memory",
            "2g",
            "--driver-class-path",
            "target/graft.jar:target/lib/*",
            "--py-files",
            "target/graft.jar",
            "src/test/python/spark_ml.py",
            job.pictures().toString(),
            folder.toString(),
            model);
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
