package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A checkout that looks built, and a Spark whose {@code spark-submit} only tells how it was called,
 * a line a word, and ends with 5.
 *
 * @param root of the checkout
 * @param spark for SPARK_HOME
 */
public record BuiltCheckout(Path root, Path spark) {
  private static final String SUBMIT =
      "#!/bin/sh\necho \"OMP=$OMP_NUM_THREADS\"\nfor a; do echo \"[$a]\"; done\nexit 5\n";

  public static BuiltCheckout in(Path folder) throws IOException {
    BuiltCheckout made =
        new BuiltCheckout(folder.resolve("a check out"), folder.resolve("a spark"));
    write(made.launcher(), Files.readString(Path.of("submit/graft")));
    executable(made.launcher());
    write(made.root.resolve("target/graft.jar"), "");
    write(made.root.resolve("target/lib/one.jar"), "");
    write(made.root.resolve("target/lib/two.jar"), "");
    Files.createDirectories(made.root.resolve("target/spark/jars"));
    write(made.spark.resolve("bin/spark-submit"), SUBMIT);
    executable(made.spark.resolve("bin/spark-submit"));
    return made;
  }

  public Path launcher() {
    return root.resolve("submit/graft");
  }

  public Map<String, String> environment() {
    return Map.of("JAVA_HOME", System.getProperty("java.home"), "SPARK_HOME", spark.toString());
  }

  static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  static void executable(Path file) {
    assertTrue(file.toFile().setExecutable(true));
  }
}
