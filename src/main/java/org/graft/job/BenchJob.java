package org.graft.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.graft.bench.Bench;
import org.graft.bench.BenchRecord;
import org.graft.bench.BenchRecord.What;
import org.graft.bench.BenchTable;
import org.graft.bench.Stopwatch;
import org.graft.common.Machine;

/**
 * {@code graft bench}: a table on stdout. The file that {@code --json} names holds the records as
 * an array, and not the summary: as many as there are, whenever it ends.
 */
final class BenchJob implements Job {
  private final BenchOptions options;
  private final PrintStream out;
  private final PrintStream err;
  private final RecordFile file;
  private final List<BenchRecord> records = new ArrayList<>();

  BenchJob(BenchOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.file = new RecordFile(options.json());
    this.out = out;
    this.err = err;
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    save(); // so that a path that cannot be written is known before, not after
    Stopwatch watch = new Stopwatch();
    Map<String, String> machine = Machine.facts();
    machine.forEach((name, value) -> out.printf("%-10s %s%n", name, value));
    out.println(BenchTable.header());
    try (Sessions sessions = new Sessions()) {
      new Bench(options.plan(), err, this::add).run(sessions::open);
    } finally {
      save();
      summary.counts.put("records", (long) records.size());
      summary.metrics.put("machine", machine);
      summary.seconds.put("bench", watch.seconds());
    }
    if (options.json() != null) {
      summary.paths.put("records", options.json().toString());
    }
    return summary.done();
  }

  private void add(BenchRecord record) {
    records.add(record);
    out.println(BenchTable.row(record));
    out.flush();
  }

  /** Spark, if it comes to that. */
  private static final class Sessions implements AutoCloseable {
    private SparkSession session;

    SparkSession open() {
      session = SparkSessions.open("bench");
      return session;
    }

    @Override
    public void close() {
      if (session != null) {
        session.close();
      }
    }
  }

  private void save() {
    file.write(records.stream().map(BenchJob::json).toList());
  }

  /** Every record has every one of the first keys; only the percentage may be null. */
  static ObjectNode json(BenchRecord record) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("what", record.what().id());
    node.put("backbone", record.backbone());
    node.put("engine", record.engine());
    node.put("precision", record.precision());
    node.put("batch", record.batch());
    node.put("threads", record.threads());
    node.put("samplesPerSecond", record.samplesPerSecond());
    node.put("samplesPerCpuSecond", record.samplesPerCpuSecond());
    node.put("percentOfPeak", record.percentOfPeak());
    record.more().forEach(node::putPOJO);
    if (record.what() == What.GEMM) {
      node.putPOJO("machine", Machine.facts());
    }
    return node;
  }
}
