package org.graft.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.bench.BenchRecord.What;
import org.graft.engine.dl4j.MatrixProduct;
import org.graft.engine.onnx.OnnxProduct;

/**
 * What a core can do: products of square matrices on one thread. Here the best turn counts, not the
 * median: a peak is what the machine does undisturbed.
 */
final class GemmBench {
  /** Where OpenBLAS, which packs both matrices anew for each product, is at its best. */
  private static final int LARGE = 2048;

  /** Where ONNX Runtime, which has packed the second one before, is at its best. */
  private static final int SMALL = 512;

  /** One library's product. */
  private record Product(String engine, String precision, int side, Contender contender) {
    double operations() {
      return 2.0 * side * side * side; // two for each multiplication with its addition
    }
  }

  private final Rounds rounds;

  GemmBench(Rounds rounds) {
    this.rounds = rounds;
  }

  /** One record a library and precision; the percentages are of the best of that precision. */
  List<BenchRecord> run() {
    try (MatrixProduct blas = new MatrixProduct(LARGE);
        OnnxProduct fp32 = OnnxProduct.fp32(SMALL);
        OnnxProduct int8 = OnnxProduct.int8(SMALL)) {
      return records(
          List.of(
              product(MatrixProduct.library(), "fp32", LARGE, blas::run),
              product("onnx", "fp32", SMALL, fp32::run),
              product("onnx", "int8", SMALL, int8::run)));
    }
  }

  private static Product product(String engine, String precision, int side, Contender.Work work) {
    String name = "gemm %s %s".formatted(engine, precision);
    return new Product(engine, precision, side, new Contender(name, 1, 1, work));
  }

  private List<BenchRecord> records(List<Product> products) {
    Map<Contender, List<Timing>> timings =
        rounds.run(products.stream().map(Product::contender).toList());
    Map<Product, Rate> rates = new LinkedHashMap<>();
    Peak peak = Peak.UNKNOWN;
    for (Product product : products) {
      Rate rate = Rate.best(timings.get(product.contender()));
      rates.put(product, rate);
      peak = peak.or(product.precision(), rate.perCpuSecond() * product.operations());
    }
    List<BenchRecord> records = new ArrayList<>();
    for (Map.Entry<Product, Rate> entry : rates.entrySet()) {
      records.add(record(entry.getKey(), entry.getValue(), peak));
    }
    return records;
  }

  private static BenchRecord record(Product product, Rate rate, Peak peak) {
    double perSecond = rate.perCpuSecond() * product.operations();
    return new BenchRecord(
        What.GEMM,
        "",
        product.engine(),
        product.precision(),
        1,
        1,
        rate.perSecond(),
        rate.perCpuSecond(),
        peak.percent(product.precision(), perSecond),
        Map.of("gflops", perSecond / 1e9, "side", product.side()));
  }

  /** The best of those records, by precision. */
  static Peak peak(List<BenchRecord> records) {
    Peak peak = Peak.UNKNOWN;
    for (BenchRecord record : records) {
      peak = peak.or(record.precision(), (double) record.more().get("gflops") * 1e9);
    }
    return peak;
  }
}
