package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneClusterIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;

  @Test
  void aJobOutlivesAKilledExecutor() throws Exception {
    List<ProcessHandle> executors;
    try (StandaloneCluster cluster = StandaloneCluster.start(2, 1, "1g");
        JavaProcess job = submit(cluster)) {
      BooleanSupplier ended = () -> !job.process().isAlive();
      Watch.until(
          () -> ended.getAsBoolean() || (exists("started-0") && exists("started-1")), PATIENCE);
      assertEquals(2, cluster.executors().size());
      long killed = cluster.killExecutor();
      assertTrue(cluster.executors().stream().noneMatch(executor -> executor.pid() == killed));
      // The worker starts another one, and its task begins again there.
      Watch.until(() -> cluster.executors().size() == 2, PATIENCE);
      executors = cluster.executors();
      Files.createFile(folder.resolve("go"));
      job.process().onExit().get(3, TimeUnit.MINUTES);
      String log = Files.readString(cluster.folder().resolve("job.log"));
      assertEquals(0, job.process().exitValue(), log);
      assertTrue(log.contains("sum 6\n"), log);
    }
    for (ProcessHandle executor : executors) {
      Watch.until(() -> !executor.isAlive(), PATIENCE);
      assertFalse(executor.isAlive());
    }
  }

  private boolean exists(String name) {
    return Files.exists(folder.resolve(name));
  }

  private JavaProcess submit(StandaloneCluster cluster) throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, JavaModuleOptions.defaultModuleOptions().trim().split(" +"));
    command.addAll(
        List.of(
            "-Xmx512m",
            "-cp",
            "target/spark/jars/*",
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            cluster.master(),
            "--executor-memory",
            "512m",
            "--class",
            SlowCount.class.getName(),
            jar(folder.resolve("job.jar")).toString(),
            folder.toString(),
            "4"));
    return JavaProcess.start(command, cluster.environment(), cluster.folder().resolve("job.log"));
  }

  private static Path jar(Path file) throws IOException {
    String name = SlowCount.class.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out);
        InputStream in = SlowCount.class.getClassLoader().getResourceAsStream(name)) {
      jar.putNextEntry(new JarEntry(name));
      in.transferTo(jar);
    }
    return file;
  }
}
