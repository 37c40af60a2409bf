package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.graft.bench.HeadBench;
import org.graft.bench.HeadBenchTable;
import org.graft.bench.HeadRecord;
import org.graft.bench.Stopwatch;
import org.graft.common.Machine;

/** {@code graft bench heads}: as {@link BenchJob}, of those who train heads. */
final class HeadBenchJob implements Job {
  private final HeadBenchOptions options;
  private final PrintStream out;
  private final PrintStream err;
  private final List<HeadRecord> records = new ArrayList<>();

  HeadBenchJob(HeadBenchOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    RecordFile file = new RecordFile(options.json());
    file.write(records); // so that a path that cannot be written is known before, not after
    Stopwatch watch = new Stopwatch();
    Map<String, String> machine = Machine.facts();
    machine.forEach((name, value) -> out.printf("%-10s %s%n", name, value));
    out.println(HeadBenchTable.header());
    try (SparkSession spark = SparkSessions.open("bench heads")) {
      new HeadBench(options.plan(), spark, err, this::add).run();
    } finally {
      file.write(records);
      summary.counts.put("records", (long) records.size());
      summary.metrics.put("machine", machine);
      summary.seconds.put("bench", watch.seconds());
    }
    HeadBenchTable.comparisons(records).forEach(out::println);
    if (options.json() != null) {
      summary.paths.put("records", options.json().toString());
    }
    return summary.done();
  }

  private void add(HeadRecord record) {
    records.add(record);
    out.println(HeadBenchTable.row(record));
    out.flush();
  }
}
