package org.graft.engine.onnx.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.graft.weights.Tensors;
import org.junit.jupiter.api.Test;

class GoogleNamesTest {
  private static final GoldenNetwork BERT = GoldenNetwork.of("bert");

  /** Torch's weights as Google's programs write them. */
  private record Checkpoint(Map<String, String> torch, Tensors weights) implements Tensors {
    static Checkpoint of(GoldenNetwork golden) {
      Map<String, String> names = new LinkedHashMap<>();
      for (Map.Entry<String, long[]> tensor : golden.tensors().entrySet()) {
        String name = tensor.getKey().replaceFirst("layer\\.(\\d+)\\.", "layer_$1.");
        String last = name.contains("_embeddings.weight") ? "" : ".kernel";
        names.put(name.replaceFirst("\\.weight$", last).replace('.', '/'), tensor.getKey());
      }
      names.put("bert/embeddings/word_embeddings/adam_m", "bert.embeddings.word_embeddings.weight");
      return new Checkpoint(names, golden.weights());
    }

    @Override
    public Set<String> names() {
      return torch.keySet();
    }

    @Override
    public long[] shape(String name) {
      long[] shape = weights.shape(torch.get(name));
      return name.endsWith("kernel") ? new long[] {shape[1], shape[0]} : shape;
    }

    @Override
    public float[] read(String name) throws IOException {
      float[] values = weights.read(torch.get(name));
      if (!name.endsWith("kernel")) {
        return values;
      }
      int columns = (int) shape(name)[1];
      int rows = values.length / columns;
      float[] turned = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        turned[i] = values[i % columns * rows + i / columns];
      }
      return turned;
    }

    @Override
    public void close() {}
  }

  @Test
  void buildsTheSameFromGooglesCheckpoints() throws IOException {
    List<Integer> last = List.of(3);
    byte[] torch = BERT.network().model(BERT.weights(), "torch", last).bytes();
    byte[] google = BERT.network().model(Checkpoint.of(BERT), "google", last).bytes();
    assertArrayEquals(torch, google);
  }

  @Test
  void leavesOtherWeightsAlone() {
    Tensors weights = BERT.weights();
    assertSame(weights, GoogleNames.over(weights));
  }
}
