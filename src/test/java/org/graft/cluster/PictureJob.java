package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A whole job on a few of the quickstart's pictures, through {@code submit/graft}. */
final class PictureJob {
  private static final int PICTURES_A_CLASS = 12;

  private final Path folder;
  private final Path config;

  PictureJob(Path folder) throws IOException {
    this.folder = folder;
    this.config = config();
  }

  /** A few of the quickstart's pictures of each class, and a training that takes a while. */
  private Path config() throws IOException {
    Path pictures = folder.resolve("pictures");
    try (Stream<Path> classes = Files.list(Path.of("conf/quickstart/pictures"))) {
      for (Path from : classes.toList()) {
        Path to = Files.createDirectories(pictures.resolve(from.getFileName()));
        try (Stream<Path> files = Files.list(from)) {
          for (Path file : files.sorted().limit(PICTURES_A_CLASS).toList()) {
            Files.copy(file, to.resolve(file.getFileName()));
          }
        }
      }
    }
    return Files.writeString(
        folder.resolve("job.yaml"),
        """
        name: cluster
        workspace: embedded
        source: {kind: folder, path: pictures}
        split: {train: 0.6, validation: 0.1, test: 0.3}
        backbone: {card: mobilenetv2.coco}
        train: {epochs: 30, patience: 30, batch: 8}
        averaging: {workers: 3, localSteps: 2}
        """);
  }

  /**
   * @param name of the workspace below the folder
   */
  GraftCommand submit(String name, Map<String, String> environment, String master, String... more)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                config.toString(),
                "--master",
                master,
                "--executor-memory",
                "1500m",
                "-s",
                "workspace=" + folder.resolve(name)));
    arguments.addAll(List.of(more));
    return GraftCommand.start(folder, name, environment, arguments);
  }

  /** The folder of Graft's jars that GRAFT_WORKER_LIB names. */
  Map<String, String> workerLib() throws IOException {
    Path lib = Files.createDirectory(folder.resolve("worker-lib"));
    List<Path> jars = new ArrayList<>(List.of(Path.of("target/graft.jar")));
    try (Stream<Path> others = Files.list(Path.of("target/lib"))) {
      others.forEach(jars::add);
    }
    for (Path jar : jars) {
      Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar.toAbsolutePath());
    }
    return Map.of("GRAFT_WORKER_LIB", lib.toString());
  }

  static Map<String, Object> finished(GraftCommand job, Duration patience) throws Exception {
    assertEquals(0, job.exitStatus(patience), job::err);
    return job.summary();
  }
}
