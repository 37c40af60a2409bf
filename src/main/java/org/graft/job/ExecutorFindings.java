package org.graft.job;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.graft.doctor.Doctor;
import org.graft.doctor.Finding;
import org.graft.doctor.Finding.Health;

/** What one executor found where it runs. */
record ExecutorFindings(String executor, String host, List<Finding> findings)
    implements Serializable {
  private static final int TASKS_A_CORE = 4;

  /** What must be the same everywhere for features to be. */
  private static final List<String> ALIKE = List.of("processor", "dl4j", "onnxruntime", "jpeg");

  /** Of every executor that takes one of many small tasks. */
  static Collection<ExecutorFindings> all(SparkSession spark) {
    int tasks = TASKS_A_CORE * spark.sparkContext().defaultParallelism();
    Map<String, ExecutorFindings> all = new TreeMap<>();
    new JavaSparkContext(spark.sparkContext())
        .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
        .map(task -> here())
        .collect()
        .forEach(found -> all.putIfAbsent(found.executor(), found));
    return all.values();
  }

  private static ExecutorFindings here() throws UnknownHostException {
    return new ExecutorFindings(
        SparkEnv.get().executorId(),
        InetAddress.getLocalHost().getHostName(),
        Doctor.machine(System.getenv()));
  }

  /** In short: how many, what is amiss at which, and what is not the same everywhere. */
  static List<Finding> inShort(Collection<ExecutorFindings> all) {
    List<Finding> told = new ArrayList<>();
    long hosts = all.stream().map(ExecutorFindings::host).distinct().count();
    told.add(Finding.ok("executors", "%d, on hosts: %d".formatted(all.size(), hosts)));
    for (ExecutorFindings one : all) {
      one.findings().stream()
          .filter(found -> found.health() != Health.OK)
          .forEach(found -> told.add(one.asItsOwn(found)));
    }
    for (String name : ALIKE) {
      Map<String, List<String>> values = values(name, all);
      if (values.size() > 1) {
        told.add(different(name, values));
      }
    }
    return told;
  }

  private Finding asItsOwn(Finding found) {
    return new Finding(
        found.name(),
        found.health(),
        "executor %s on %s: %s".formatted(executor, host, found.value()),
        found.fix());
  }

  private static Map<String, List<String>> values(String name, Collection<ExecutorFindings> all) {
    return all.stream()
        .collect(
            Collectors.groupingBy(
                one -> one.value(name),
                TreeMap::new,
                Collectors.mapping(ExecutorFindings::executor, Collectors.toList())));
  }

  private String value(String name) {
    return findings.stream()
        .filter(found -> found.name().equals(name))
        .map(Finding::value)
        .findFirst()
        .orElseThrow();
  }

  private static Finding different(String name, Map<String, List<String>> values) {
    String text =
        values.entrySet().stream()
            .map(kind -> "%s (executors %s)".formatted(kind.getKey(), kind.getValue()))
            .collect(Collectors.joining("; "));
    return Finding.warning(
        name,
        "not the same everywhere: " + text,
        "Features may differ in their last bits from one to the other: let Graft have machines of one kind only.");
  }
}
