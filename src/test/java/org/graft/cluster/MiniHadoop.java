package org.graft.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.spark.launcher.JavaModuleOptions;
import org.slf4j.LoggerFactory;

/**
 * HDFS and YARN with two node managers, real ones, in a process of their own. Clients know them by
 * a folder of configuration files alone, as they know any cluster.
 */
public final class MiniHadoop implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String READY = "yarn-site.xml";

  private final JavaProcess process;
  private final Path folder;

  private MiniHadoop(JavaProcess process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /**
   * @param memory of each node, for containers, in MB
   */
  static MiniHadoop start(int memory) throws Exception {
    Path clusters = Files.createDirectories(Path.of("target", "cluster").toAbsolutePath());
    Path folder = Files.createTempDirectory(clusters, "hadoop-");
    List<String> command = new ArrayList<>();
    Collections.addAll(command, JavaModuleOptions.defaultModuleOptions().trim().split(" +"));
    command.addAll(
        List.of(
            "-Xmx700m",
            "-cp",
            System.getProperty("java.class.path"),
            MiniHadoop.class.getName(),
            folder.toString(),
            "" + memory));
    JavaProcess process =
        JavaProcess.start(
            command,
            Map.of("JAVA_HOME", System.getProperty("java.home")),
            folder.resolve("hadoop.log"));
    MiniHadoop started = new MiniHadoop(process, folder);
    try {
      Path ready = started.configuration().resolve(READY);
      Watch.until(() -> Files.exists(ready) || !process.process().isAlive(), PATIENCE);
      if (!process.process().isAlive()) {
        throw new IOException("ended:\n" + Files.readString(folder.resolve("hadoop.log")));
      }
    } catch (Exception e) {
      started.close();
      throw e;
    }
    return started;
  }

  /** For HADOOP_CONF_DIR. */
  Path configuration() {
    return folder.resolve("conf");
  }

  /** What is in {@link #configuration}. */
  Configuration client() {
    Configuration client = new Configuration();
    client.addResource(
        new org.apache.hadoop.fs.Path(configuration().resolve("core-site.xml").toUri()));
    return client;
  }

  @Override
  public void close() {
    process.close();
  }

  /**
   * @param arguments the folder for all files, and the memory of a node
   */
  public static void main(String[] arguments) {
    try {
      serve(Path.of(arguments[0]), arguments[1]);
      Thread.currentThread().join(); // until it is killed
    } catch (Exception | LinkageError e) {
      LoggerFactory.getLogger(MiniHadoop.class).error("cannot serve", e);
    }
    System.exit(1); // whatever threads have been started
  }

  private static void serve(Path folder, String memory) throws Exception {
    Configuration hdfs = new Configuration();
    hdfs.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    MiniDFSCluster files = new MiniDFSCluster.Builder(hdfs).numDataNodes(1).build();
    files.waitActive();
    YarnConfiguration nodes = new YarnConfiguration(files.getConfiguration(0));
    nodes.set(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, memory);
    nodes.set(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, "128");
    nodes.set(YarnConfiguration.NM_VMEM_CHECK_ENABLED, "false");
    nodes.set(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, "100");
    // The one queue, which Hadoop's capacity-scheduler.xml would have, all of it for application
    // masters if need be: they are drivers, in cluster mode.
    nodes.set("yarn.scheduler.capacity.root.queues", "default");
    nodes.set("yarn.scheduler.capacity.root.default.capacity", "100");
    nodes.set("yarn.scheduler.capacity.root.default.acl_submit_applications", "*");
    nodes.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
    MiniYARNCluster yarn = new MiniYARNCluster("yarn", 2, 1, 1);
    yarn.init(nodes);
    yarn.start();
    Path conf = Files.createDirectories(folder.resolve("conf"));
    write(conf, "core-site.xml", Map.of("fs.defaultFS", files.getURI().toString()));
    Configuration running = yarn.getConfig();
    write(
        conf,
        READY,
        Map.of(
            YarnConfiguration.RM_ADDRESS,
            running.get(YarnConfiguration.RM_ADDRESS),
            YarnConfiguration.RM_SCHEDULER_ADDRESS,
            running.get(YarnConfiguration.RM_SCHEDULER_ADDRESS)));
  }

  private static void write(Path folder, String name, Map<String, String> settings)
      throws IOException {
    Configuration configuration = new Configuration(false);
    settings.forEach(configuration::set);
    Path part = folder.resolve(name + ".part");
    try (OutputStream out = Files.newOutputStream(part)) {
      configuration.writeXml(out);
    }
    Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
