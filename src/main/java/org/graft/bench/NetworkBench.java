package org.graft.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.graft.backbone.Backbone;
import org.graft.bench.BenchRecord.What;

/**
 * One network by every engine, in every precision that the engine has: prepared inputs in, features
 * out. Threads share one loaded network, as an executor's tasks do.
 */
final class NetworkBench {
  private final Rounds rounds;
  private final BenchPlan plan;
  private final Peak peak;

  NetworkBench(Rounds rounds, BenchPlan plan, Peak peak) {
    this.rounds = rounds;
    this.plan = plan;
    this.peak = peak;
  }

  /** How a network is run. */
  private record Variant(BenchEngine engine, String precision, int batch, int threads) {}

  List<BenchRecord> run(BenchBackbone network) throws IOException {
    List<BenchRecord> records = new ArrayList<>();
    for (int batch : plan.batches()) { // one after the other: all loaded networks are in memory
      records.addAll(run(network, batch));
    }
    return records;
  }

  private List<BenchRecord> run(BenchBackbone network, int batch) throws IOException {
    List<Backbone> loaded = new ArrayList<>();
    try {
      Map<Contender, Variant> variants = new LinkedHashMap<>();
      float[][] inputs = network.batch(batch);
      for (String id : plan.engines()) {
        for (String precision : plan.precisions()) {
          BenchEngine engine = BenchEngine.of(id);
          if (engine.computes(precision)) {
            Backbone backbone = network.load(engine, precision, batch);
            loaded.add(backbone);
            for (int threads : plan.threads()) {
              variants.put(
                  new Contender(
                      "%s %s %s batch %d".formatted(network.name(), id, precision, batch),
                      threads,
                      batch,
                      () -> backbone.features(inputs)),
                  new Variant(engine, precision, batch, threads));
            }
          }
        }
      }
      return records(network, variants);
    } finally {
      loaded.forEach(Backbone::close);
    }
  }

  private List<BenchRecord> records(BenchBackbone network, Map<Contender, Variant> variants) {
    Map<Contender, List<Timing>> timings = rounds.run(new ArrayList<>(variants.keySet()));
    List<BenchRecord> records = new ArrayList<>();
    variants.forEach(
        (contender, variant) -> records.add(record(network, variant, timings.get(contender))));
    return records;
  }

  private BenchRecord record(BenchBackbone network, Variant variant, List<Timing> timings) {
    Rate rate = Rate.median(timings);
    Map<String, Object> more = new TreeMap<>();
    more.put("gflop", network.operations() / 1e9);
    more.put("gflops", rate.perCpuSecond() * network.operations() / 1e9);
    more.put("rounds", timings.size());
    return new BenchRecord(
        What.NETWORK,
        network.name(),
        variant.engine().id(),
        variant.precision(),
        variant.batch(),
        variant.threads(),
        rate.perSecond(),
        rate.perCpuSecond(),
        peak.percent(variant.precision(), rate.perCpuSecond() * network.operations()),
        more);
  }
}
