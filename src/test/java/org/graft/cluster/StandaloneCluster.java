package org.graft.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Spark standalone cluster of real processes, a master and workers, from the jars that the build
 * put under {@code target/spark}. For integration tests, which run after {@code package}.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final String EXECUTOR = "org.apache.spark.executor.CoarseGrainedExecutorBackend";
  private static final Pattern ALIVE = Pattern.compile("\"aliveworkers\"\\s*:\\s*(\\d+)");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path target = Path.of("target").toAbsolutePath();
  private final Path sparkHome = target.resolve("spark");
  private final Path folder;
  private final String master;
  private final List<JavaProcess> processes = new ArrayList<>();
  private final List<JavaProcess> workers = new ArrayList<>();
  private final List<ProcessHandle> orphans = new ArrayList<>();
  private final int cores;
  private final String memory;
  private final List<String> options;
  private final Map<String, String> variables;

  private StandaloneCluster(
      Path folder,
      String master,
      int cores,
      String memory,
      List<String> options,
      Map<String, String> variables) {
    this.options = options;
    this.variables = variables;
    this.folder = folder;
    this.master = master;
    this.cores = cores;
    this.memory = memory;
  }

  /**
   * Returns when all workers are registered.
   *
   * @param cores each worker's, for its executors
   * @param memory each worker's, for its executors, as Spark writes it: {@code 2g}
   */
  public static StandaloneCluster start(int workers, int cores, String memory) throws IOException {
    return start(workers, cores, memory, List.of(), Map.of());
  }

  /**
   * The same with workers of a kind.
   *
   * @param options of their Java
   * @param variables of theirs and their executors' environment
   */
  public static StandaloneCluster start(
      int workers, int cores, String memory, List<String> options, Map<String, String> variables)
      throws IOException {
    Path clusters = Path.of("target", "cluster").toAbsolutePath();
    Files.createDirectories(clusters);
    int port = JavaProcess.freePort();
    StandaloneCluster cluster =
        new StandaloneCluster(
            Files.createTempDirectory(clusters, "standalone-"),
            "spark://" + HOST + ":" + port,
            cores,
            memory,
            options,
            variables);
    try {
      cluster.launch(port, workers);
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void launch(int port, int count) throws IOException {
    int page = JavaProcess.freePort();
    JavaProcess leader =
        daemon(
            "master",
            List.of(),
            "org.apache.spark.deploy.master.Master",
            List.of("--host", HOST, "--port", "" + port, "--webui-port", "" + page));
    String json = "http://" + HOST + ":" + page + "/json/";
    leader.await(json, body -> alive(body) == 0, PATIENCE);
    for (int i = 0; i < count; i++) {
      workers.add(worker(i));
    }
    leader.await(json, body -> alive(body) == count, PATIENCE);
  }

  /** Registered workers as the master's page tells them; -1 if it is no such page. */
  private static int alive(String json) {
    var found = ALIVE.matcher(json);
    return found.find() ? Integer.parseInt(found.group(1)) : -1;
  }

  private JavaProcess worker(int index) throws IOException {
    return daemon(
        "worker-" + index,
        options,
        "org.apache.spark.deploy.worker.Worker",
        List.of(
            "--host",
            "127.0.0." + (1 + index), // Spark copies no task to the host that it already runs on
            "--webui-port",
            "0",
            "--cores",
            "" + cores,
            "--memory",
            memory,
            "--work-dir",
            folder.resolve("work-" + index).toString(),
            master));
  }

  private JavaProcess daemon(String name, List<String> options, String type, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(options);
    command.addAll(List.of("-Xmx256m", "-cp", sparkHome.resolve("jars") + "/*", type));
    command.addAll(arguments);
    Map<String, String> environment = new HashMap<>(environment());
    environment.putAll(variables);
    JavaProcess process = JavaProcess.start(command, environment, folder.resolve(name + ".log"));
    processes.add(process);
    return process;
  }

  /** What a Spark without a distribution around it must be told; for submitting too. */
  public Map<String, String> environment() {
    return Map.of(
        "SPARK_HOME",
        sparkHome.toString(),
        "SPARK_SCALA_VERSION",
        "2.12",
        "SPARK_LOCAL_IP",
        HOST,
        "JAVA_HOME",
        System.getProperty("java.home"));
  }

  /** For {@code --master}. */
  public String master() {
    return master;
  }

  /** Logs of master and workers; executors' below {@code work-N/APPLICATION/EXECUTOR/stderr}. */
  public Path folder() {
    return folder;
  }

  /** Live executor processes of all applications, the oldest first. */
  public List<ProcessHandle> executors() {
    return workers.stream()
        .flatMap(worker -> worker.process().descendants())
        .filter(StandaloneCluster::isExecutor)
        .sorted()
        .toList();
  }

  private static boolean isExecutor(ProcessHandle handle) {
    return Stream.of(handle.info().arguments().orElse(new String[0])).anyMatch(EXECUTOR::equals);
  }

  /** SIGKILL to one executor; returns its pid once it is dead. */
  public long killExecutor() {
    ProcessHandle victim =
        executors().stream()
            .findFirst()
            .orElseThrow(() -> new NoSuchElementException("no executor runs on " + master));
    victim.destroyForcibly();
    victim.onExit().join();
    return victim.pid();
  }

  /** SIGKILL to a worker, whose executors end once they miss it, and another one in its place. */
  public void replaceWorker(int index) throws IOException {
    ProcessHandle victim = workers.get(index).process().toHandle();
    victim.descendants().forEach(orphans::add);
    victim.destroyForcibly();
    victim.onExit().join();
    workers.set(index, worker(index));
  }

  @Override
  public void close() {
    // Workers first: a worker would replace the executors of one that is killed before it.
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).close();
    }
    orphans.forEach(ProcessHandle::destroyForcibly);
  }
}
