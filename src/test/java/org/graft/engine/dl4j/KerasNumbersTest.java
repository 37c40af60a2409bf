package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.graft.backbone.BackboneCard.Input;
import org.graft.common.Json;
import org.graft.engine.WeightFiles;
import org.graft.weights.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files of processes in which Keras had made layers before; written by
 * src/test/golden/networks/numbers_keras.py.
 */
class KerasNumbersTest {
  private static final String FOLDER = "/golden/networks/numbers/";

  /** Tensor to shape, or to values. */
  private static final class Numbers extends LinkedHashMap<String, List<Double>> {
    private static final long serialVersionUID = 1L;
  }

  private static Numbers json(String name) throws IOException {
    try (InputStream in = KerasNumbersTest.class.getResourceAsStream(FOLDER + name)) {
      return Json.read(in.readAllBytes(), Numbers.class, name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "stem, .h5, conv2d_2/kernel",
    "stem, .weights.h5, conv2d_2/kernel",
    "convnext, .h5, ''",
    "convnext, .weights.h5, ''"
  })
  void layersWithoutANameCountFromZero(String name, String suffix, String own)
      throws IOException, URISyntaxException {
    Path path = Path.of(KerasNumbersTest.class.getResource(FOLDER + name + suffix).toURI());
    Numbers expected = json(name + ".json");
    try (Tensors file = WeightFiles.open(path)) {
      assertTrue(own.isEmpty() || file.names().contains(own), () -> file.names().toString());
      Tensors counted = KerasNumbers.fromZero(file);
      assertEquals(new TreeSet<>(expected.keySet()), new TreeSet<>(counted.names()));
      for (String tensor : expected.keySet()) {
        float[] values = counted.read(tensor);
        assertEquals(
            values.length, Arrays.stream(counted.shape(tensor)).reduce(1, (a, b) -> a * b));
        double[] wanted = expected.get(tensor).stream().mapToDouble(Double::doubleValue).toArray();
        for (int i = 0; i < values.length; i++) {
          assertEquals(wanted[i], values[i], 1e-6, tensor);
        }
      }
    }
  }

  /** A file of which only names and shapes are known. */
  private record Shapes(Map<String, List<Double>> all) implements Tensors {
    @Override
    public Set<String> names() {
      return all.keySet();
    }

    @Override
    public long[] shape(String name) {
      return all.get(name).stream().mapToLong(Double::longValue).toArray();
    }

    @Override
    public float[] read(String name) {
      throw new AssertionError("nobody asked for values of " + name);
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @CsvSource({
    "inception_v3_tf, conv2d_4/kernel",
    "inception_resnet_v2, conv2d_98/kernel",
  })
  void kerasOwnNetworkHasWhatOursWants(String architecture, String first) throws IOException {
    Dl4jEngine.prepare();
    Shapes file = new Shapes(json(architecture + ".shapes.json"));
    assertTrue(file.names().contains(first) && !file.names().contains("conv2d/kernel"));
    Tensors counted = KerasNumbers.fromZero(file);
    Network network = Networks.of(architecture);
    assertEquals(Dialect.KERAS, network.dialect(counted.names()));
    FrozenNetwork ours =
        FrozenNetwork.zeros(network.cutAt("avgpool", new Input(3, 75, 75), Dialect.KERAS));
    Set<String> unused = new TreeSet<>(counted.names());
    for (Parameter parameter : Parameter.of(ours.graph(), network, Dialect.KERAS)) {
      assertTrue(unused.remove(parameter.tensor()), parameter.tensor());
      assertArrayEquals(parameter.shape(), counted.shape(parameter.tensor()), parameter.tensor());
    }
    ours.parameters().close();
    assertEquals(Set.of("predictions/bias", "predictions/kernel"), unused);
  }

  @Test
  void numbersAreNumbersAndOtherNamesStay() {
    Map<String, List<Double>> file = new TreeMap<>();
    for (String name :
        List.of(
            "conv2d_9/kernel",
            "conv2d_10/kernel",
            "conv2d_10/bias",
            "dense_3/kernel",
            "block_2/kernel",
            "conv2d_7_up/kernel",
            "features.0.weight")) {
      file.put(name, List.of((double) name.length()));
    }
    Tensors counted = KerasNumbers.fromZero(new Shapes(file));
    assertEquals(
        Set.of(
            "conv2d/kernel",
            "conv2d_1/kernel",
            "conv2d_1/bias",
            "dense/kernel",
            "block_2/kernel",
            "conv2d_7_up/kernel",
            "features.0.weight"),
        counted.names());
    assertArrayEquals(new long[] {"conv2d_10/bias".length()}, counted.shape("conv2d_1/bias"));
    assertFalse(counted.names().contains("conv2d_10/kernel"));
  }
}
