package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.graft.common.Json;

/**
 * What a reference implementation gave, written by the scripts in src/test/golden/networks.
 *
 * @param architecture null where the file's name says it
 * @param referenceError what the reference's float32 itself loses against float64; null where small
 */
public record GoldenFeatures(
    String architecture,
    long seed,
    List<Integer> input,
    Double referenceError,
    Map<String, Cut> cuts) {

  /** Every {@code step}-th value of an output of that shape, in 'c' order. */
  public record Cut(List<Long> shape, int step, List<Float> values) {
    long[] dimensions() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /** Runs a network that ends at a cut. */
  public interface Forward {
    /** The cut's output for one input, {@code [channels][height][width]} or {@code [width]}. */
    float[] run(ComputationGraph graph, Input input, float[] values) throws IOException;
  }

  /**
   * {@code ARCHITECTURE.DIALECT} of every network that a reference implementation was asked for.
   */
  public static List<String> all() {
    Path folder;
    try {
      folder = Path.of(GoldenFeatures.class.getResource("/golden/networks").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.matches(".+\\.(torch|timm|keras|slim)\\.json"))
          .map(file -> file.replaceFirst("\\.json$", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Checks each of {@code engines} at every cut of the network on formula weights.
   *
   * @param name one of {@link #all}
   * @return the largest relative difference
   */
  public static double check(String name, Forward... engines) throws IOException {
    Dl4jEngine.prepare();
    int dot = name.lastIndexOf('.');
    Network network = Networks.of(name.substring(0, dot));
    Dialect dialect = dialect(network, name.substring(dot + 1).toUpperCase(Locale.ROOT));
    GoldenFeatures golden = read(name);
    assertTrue(
        golden.cuts().keySet().containsAll(network.cuts()),
        () -> "no golden values for some of " + network.cuts());
    String last = network.cuts().get(network.cuts().size() - 1);
    FormulaTensors tensors = new FormulaTensors(network, last, golden.shape(), dialect);
    assertEquals(dialect, network.dialect(tensors.names()));
    FrozenNetwork frozen = FrozenNetwork.of(network, last, golden.shape(), tensors, name);
    try {
      return golden.check(frozen, engines);
    } finally {
      frozen.parameters().close();
    }
  }

  /** timm gives many networks torchvision's names. */
  private static Dialect dialect(Network network, String publisher) {
    Dialect own = Dialect.valueOf(publisher);
    return own == Dialect.TIMM && !network.dialects().contains(own) ? Dialect.TORCH : own;
  }

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

  /** Checks DL4J: see {@link #check(FrozenNetwork, Forward...)}. */
  double check(FrozenNetwork network) throws IOException {
    return check(network, GoldenFeatures::dl4j);
  }

  /** One forward pass in DL4J's engine. */
  public static float[] dl4j(ComputationGraph graph, Input input, float[] values) {
    try (Lane lane = new Lane(graph.getConfiguration(), graph.params(), input, 1)) {
      return lane.forward(new float[][] {values}).values()[0];
    }
  }

  /** The largest {@code max|a-b| / max|a|} over all cuts, each of which must be below 1e-5. */
  private double check(FrozenNetwork network, Forward... engines) throws IOException {
    double worst = 0;
    for (String cut : cuts.keySet()) {
      FrozenNetwork shorter = network.cutAt(cut);
      try {
        assertArrayEquals(cuts.get(cut).dimensions(), dimensions(shorter, cut), cut);
        for (Forward engine : engines) {
          double difference = difference(cut, engine.run(shorter.graph(), shape(), values()));
          assertTrue(difference <= 1e-5, () -> cut + " differs by " + difference);
          worst = Math.max(worst, difference);
        }
      } finally {
        shorter.parameters().close();
      }
    }
    return worst;
  }

  /** What the graph itself says of its output. */
  private long[] dimensions(FrozenNetwork network, String cut) {
    BackboneCard.Cut own = Vertices.cut(cut, cut, network.network(), shape());
    return own.pooling() == Pooling.NONE
        ? new long[] {own.channels()}
        : new long[] {own.channels(), own.height(), own.width()};
  }

  private double difference(String cut, float[] output) {
    Cut golden = cuts.get(cut);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < golden.values().size(); i++) {
      double wanted = golden.values().get(i);
      largest = Math.max(largest, Math.abs(wanted));
      difference = Math.max(difference, Math.abs(wanted - output[i * golden.step()]));
    }
    return difference / largest;
  }
}
