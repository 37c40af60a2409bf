package org.graft.engine.dl4j;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.GoldenInput;
import org.graft.weights.Tensors;

/** The weights of {@code src/test/golden/networks/formula.py}: made from names, never stored. */
final class FormulaTensors implements Tensors {
  private final Map<String, long[]> shapes = new LinkedHashMap<>();
  private final Dialect dialect;

  FormulaTensors(Network network, String cut, Input input, Dialect dialect) {
    this.dialect = dialect;
    FrozenNetwork zeros = FrozenNetwork.zeros(network.cutAt(cut, input, dialect));
    Parameter.of(zeros.graph(), network, dialect).forEach(p -> shapes.put(p.tensor(), p.shape()));
    zeros.parameters().close();
  }

  @Override
  public Set<String> names() {
    return shapes.keySet();
  }

  @Override
  public long[] shape(String name) {
    return shapes.get(name);
  }

  @Override
  public float[] read(String name) {
    CRC32 seed = new CRC32();
    seed.update(name.getBytes(StandardCharsets.UTF_8));
    long[] shape = shape(name);
    int length = 1;
    for (long size : shape) {
      length *= (int) size;
    }
    double offset = isScale(name, shape) ? 1 : 0;
    double scale = shape.length > 1 ? Math.sqrt(6.0 / fanIn(shape)) : offset == 1 ? 0.5 : 0.2;
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (offset + scale * GoldenInput.at(seed.getValue(), i));
    }
    return values;
  }

  /** A vector around one: a batch norm's variance or gamma. */
  private static boolean isScale(String name, long[] shape) {
    return shape.length == 1 && name.matches(".*(weight|gamma|running_var|moving_variance)");
  }

  private double fanIn(long[] shape) {
    double product = 1;
    for (long size : shape) {
      product *= size;
    }
    return product / outputs(shape);
  }

  /** Of depthwise kernels 1, as Keras' shape says: so deep networks do not magnify rounding. */
  private long outputs(long[] shape) {
    if (dialect.channelsLast()) {
      return shape[shape.length - 1];
    }
    return shape.length == 4 && shape[1] == 1 ? 1 : shape[0];
  }

  @Override
  public void close() {}
}
