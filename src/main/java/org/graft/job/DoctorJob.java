package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.graft.common.ExitCode;
import org.graft.doctor.Doctor;
import org.graft.doctor.Finding;
import org.graft.doctor.Finding.Health;
import org.graft.spark.HadoopStorage;
import org.graft.weights.Downloads;

/** {@code graft doctor}: whether everything that Graft needs is here, and at every executor. */
final class DoctorJob implements Job {
  private static final String FORMAT = "%-18s %-8s %s%n";

  private final Arguments arguments;
  private final PrintStream out;
  private final PrintStream err;
  private final List<Finding> findings = new ArrayList<>();

  DoctorJob(Arguments arguments, PrintStream out, PrintStream err) {
    this.arguments = arguments;
    this.out = out;
    this.err = err;
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    Map<String, String> environment = System.getenv();
    Doctor.machine(environment).forEach(this::tell);
    Downloads downloads = Downloads.of(environment);
    JobConfig config = null;
    if (arguments.config() != null) {
      config = arguments.load(JobConfig.class).config();
      downloads = config.weights().downloads();
    }
    Doctor.weights(downloads, environment).forEach(this::tell);
    try (SparkSession spark = SparkSessions.open("doctor")) {
      ClusterLooks.all(spark.sparkContext()).forEach(this::tell);
      if (config != null) {
        tell(ClusterLooks.workspace(HadoopStorage.ofDriver(), config.workspace()));
      }
      if (!spark.sparkContext().isLocal()) {
        ExecutorFindings.inShort(ExecutorFindings.all(spark)).forEach(this::tell);
      }
    }
    return end(summary);
  }

  private void tell(Finding finding) {
    findings.add(finding);
    out.printf(
        FORMAT, finding.name(), finding.health().name().toLowerCase(Locale.ROOT), finding.value());
    if (!finding.fix().isEmpty()) {
      out.printf(FORMAT, "", "", "-> " + finding.fix());
    }
    out.flush();
  }

  private Summary end(Summary.Builder summary) {
    List<String> failures = named(Health.FAILURE);
    List<String> warnings = named(Health.WARNING);
    summary.counts.put("looks", (long) findings.size());
    summary.counts.put("failures", (long) failures.size());
    summary.counts.put("warnings", (long) warnings.size());
    summary.metrics.put("findings", findings);
    if (failures.isEmpty()) {
      return summary.done();
    }
    String message =
        "Cannot work here: %s. Do what is said above.".formatted(String.join(", ", failures));
    err.println("graft: " + message);
    return summary.failed(ExitCode.FAILED, message);
  }

  private List<String> named(Health health) {
    return findings.stream().filter(f -> f.health() == health).map(Finding::name).toList();
  }
}
