package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.GoldenInput;
import org.graft.common.Json;

/**
 * What a reference implementation gave, written by the scripts in src/test/golden/networks.
 *
 * @param architecture null where the file's name says it
 * @param referenceError what the reference's float32 itself loses against float64; null where small
 */
record GoldenFeatures(
    String architecture,
    long seed,
    List<Integer> input,
    Double referenceError,
    Map<String, Cut> cuts) {

  /** Every {@code step}-th value of an output of that shape, in 'c' order. */
  record Cut(List<Long> shape, int step, List<Float> values) {}

  static GoldenFeatures read(String name) throws IOException {
    String resource = "/golden/networks/" + name + ".json";
    try (InputStream in = GoldenFeatures.class.getResourceAsStream(resource)) {
      return Json.read(in.readAllBytes(), GoldenFeatures.class, resource);
    }
  }

  Input shape() {
    return new Input(input.get(0), input.get(1), input.get(2));
  }

  float[] values() {
    return GoldenInput.of(seed, shape().length());
  }

  /** The largest {@code max|a-b| / max|a|} over all cuts, each of which must be below 1e-5. */
  double check(FrozenNetwork network) {
    double worst = 0;
    for (String cut : cuts.keySet()) {
      FrozenNetwork shorter = network.cutAt(cut);
      Lane lane = new Lane(shorter.network(), shorter.parameters(), shape(), 1);
      try (lane) {
        double difference = difference(cut, lane.forward(new float[][] {values()}));
        assertTrue(difference <= 1e-5, () -> cut + " differs by " + difference);
        worst = Math.max(worst, difference);
      } finally {
        shorter.parameters().close();
      }
    }
    return worst;
  }

  private double difference(String cut, Lane.Output output) {
    Cut golden = cuts.get(cut);
    long[] shape = golden.shape().stream().mapToLong(Long::longValue).toArray();
    assertArrayEquals(shape, output.shape(), cut);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < golden.values().size(); i++) {
      double wanted = golden.values().get(i);
      largest = Math.max(largest, Math.abs(wanted));
      difference = Math.max(difference, Math.abs(wanted - output.values()[0][i * golden.step()]));
    }
    return difference / largest;
  }
}
