package org.graft.notebook;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.graft.cluster.JavaProcess;
import scala.tools.nsc.interpreter.IMain;

/** A Zeppelin server without its pages, a process with a class path of its own. */
final class ZeppelinServer implements AutoCloseable {
  private static final Path FILES = Path.of("src/test/zeppelin");
  private static final Duration START = Duration.ofMinutes(2);

  private final JavaProcess process;
  private final Zeppelin zeppelin;

  private ZeppelinServer(JavaProcess process, Zeppelin zeppelin) {
    this.process = process;
    this.zeppelin = zeppelin;
  }

  /**
   * @param home an empty folder, for all that Zeppelin reads and writes
   * @param jars folder of the server's jars
   */
  static ZeppelinServer start(Path home, Path jars) throws IOException {
    for (String folder : List.of("bin", "conf", "interpreter/md", "interpreter/spark")) {
      copy(FILES.resolve(folder), Files.createDirectories(home.resolve(folder)));
    }
    Files.createDirectories(home.resolve("pages"));
    int port = JavaProcess.freePort();
    String classPath = home.resolve("conf") + File.pathSeparator + jars.toAbsolutePath() + "/*";
    Map<String, String> environment = environment(home, port);
    environment.put("GRAFT_ZEPPELIN_CLASSPATH", classPath);
    JavaProcess process =
        JavaProcess.start(
            List.of("-Xmx512m", "-cp", classPath, "org.apache.zeppelin.server.ZeppelinServer"),
            environment,
            home.resolve("server.log"));
    String url = "http://127.0.0.1:" + port + "/api";
    try {
      process.await(url + "/interpreter/setting", body -> body.contains("ZeppelinScala"), START);
    } catch (IOException e) {
      process.close();
      throw e;
    }
    return new ZeppelinServer(process, new Zeppelin(url));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static Map<String, String> environment(Path home, int port) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("ZEPPELIN_HOME", home.toString());
    environment.put("ZEPPELIN_CONF_DIR", home.resolve("conf").toString());
    environment.put("ZEPPELIN_NOTEBOOK_DIR", home.resolve("notebook").toString());
    environment.put(
        "ZEPPELIN_NOTEBOOK_STORAGE", "org.apache.zeppelin.notebook.repo.VFSNotebookRepo");
    environment.put("ZEPPELIN_WAR", home.resolve("pages").toString());
    environment.put("ZEPPELIN_ANGULAR_WAR", home.resolve("pages").toString());
    environment.put("ZEPPELIN_SEARCH_ENABLE", "false");
    environment.put("ZEPPELIN_RUN_MODE", "local");
    environment.put("ZEPPELIN_ADDR", "127.0.0.1");
    environment.put("ZEPPELIN_LOCAL_IP", "127.0.0.1");
    environment.put("ZEPPELIN_PORT", Integer.toString(port));
    // It does not start without.
    environment.put("ZEPPELIN_IDENT_STRING", "graft");
    environment.put("ZEPPELIN_INTERPRETER_CONNECT_TIMEOUT", Long.toString(START.toMillis()));
    environment.put("GRAFT_SPARK_CLASSPATH", sparkClassPath());
    environment.put(
        "GRAFT_SPARK_OPTIONS",
        JavaModuleOptions.defaultModuleOptions()
            + " -Xmx3g -Djava.awt.headless=true -Dgraft.classes="
            + home.resolve("classes"));
    return environment;
  }

  /** Spark as the build embeds it, and no Graft: the note's {@code spark.jars} brings that. */
  private static String sparkClassPath() {
    String compiler = IMain.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    String interpreter = System.getProperty("graft.zeppelin.interpreter");
    return Stream.of("target/test-classes", interpreter, compiler, "target/spark/jars/*")
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .reduce((a, b) -> a + File.pathSeparator + b)
        .orElseThrow();
  }

  Zeppelin zeppelin() {
    return zeppelin;
  }

  @Override
  public void close() {
    process.close();
  }
}
