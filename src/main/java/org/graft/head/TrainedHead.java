package org.graft.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.graft.common.Checks;
import org.graft.common.Digest;
import org.graft.sample.Labels;

/**
 * A head as plain numbers: dense layers, then what makes outputs of their sums. It scores by
 * itself, one sample at a time, in a fixed order of operations, so evaluation and scoring give the
 * same bits wherever they run.
 *
 * @param input what becomes of the features before the first layer
 * @param layers first to last; ReLU between them
 * @param labels the meaning of the outputs, in their order
 */
public record TrainedHead(Input input, List<Dense> layers, Output output, Labels labels) {

  public enum Input {
    /** Features as they are. */
    RAW,
    /** Divided by their L2 norm; a vector of zeros stays one. */
    UNIT;

    /** {@code features}, or a new vector. */
    float[] apply(float[] features) {
      return this == RAW ? features : unit(features);
    }
  }

  public enum Output {
    /** One label a sample; the probabilities sum to 1. */
    SOFTMAX,
    /** Any number of labels a sample; each probability by itself. */
    SIGMOID,
    /**
     * One of several labels in an order. The last layer gives one number for each but the last, and
     * rising ones: sigmoids of them are the probabilities of that label or one before it.
     */
    ORDINAL,
    /** A number, as the last layer gives it. */
    VALUE;

    /** What the last layer gives of a sample. */
    int width(Labels labels) {
      return this == ORDINAL ? labels.size() - 1 : labels.size();
    }

    /**
     * The targets of a sample, {@code [labels]}: ones where it has the label, or its number.
     *
     * @param given its labels, or its number as text
     */
    public float[] targets(Labels labels, List<String> given) {
      return this == VALUE ? new float[] {Float.parseFloat(given.get(0))} : labels.encode(given);
    }

    private float[] apply(float[] last) {
      return switch (this) {
        case SOFTMAX -> softmax(last);
        case SIGMOID -> sigmoid(last);
        case ORDINAL -> steps(last);
        case VALUE -> last;
      };
    }
  }

  /**
   * {@code y = W x + b}.
   *
   * @param weights {@code [outputs][inputs]}, row-major
   * @param bias {@code [outputs]}
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  public record Dense(int inputs, int outputs, float[] weights, float[] bias) {
    public Dense {
      Checks.argument(
          weights.length == (long) inputs * outputs && bias.length == outputs,
          "dense layer %d -> %d has %d weights and %d biases",
          inputs,
          outputs,
          weights.length,
          bias.length);
    }

    float[] apply(float[] x) {
      float[] y = new float[outputs];
      for (int o = 0; o < outputs; o++) {
        int row = o * inputs;
        double sum = bias[o];
        for (int i = 0; i < inputs; i++) {
          sum += (double) weights[row + i] * x[i];
        }
        y[o] = (float) sum;
      }
      return y;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Dense that
          && inputs == that.inputs
          && outputs == that.outputs
          && Arrays.equals(weights, that.weights)
          && Arrays.equals(bias, that.bias);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(weights) * 31 + Arrays.hashCode(bias);
    }
  }

  public TrainedHead {
    layers = List.copyOf(layers);
    Checks.argument(!layers.isEmpty(), "a head needs a layer");
    for (int i = 1; i < layers.size(); i++) {
      Checks.argument(
          layers.get(i - 1).outputs() == layers.get(i).inputs(),
          "layers %d and %d differ",
          i - 1,
          i);
    }
    int outputs = layers.get(layers.size() - 1).outputs();
    Checks.argument(
        outputs == output.width(labels), "%d outputs for %d labels", outputs, labels.size());
  }

  /** Of features as they are. */
  public TrainedHead(List<Dense> layers, Output output, Labels labels) {
    this(Input.RAW, layers, output, labels);
  }

  /**
   * What makes probabilities of an {@link Output#ORDINAL} head's sigmoids, as a layer, for engines
   * that have nothing else for it.
   */
  public Dense differences() {
    int labelled = labels.size();
    float[] weights = new float[labelled * (labelled - 1)];
    float[] bias = new float[labelled];
    for (int k = 0; k < labelled - 1; k++) {
      weights[k * (labelled - 1) + k] = 1;
      weights[(k + 1) * (labelled - 1) + k] = -1;
    }
    bias[labelled - 1] = 1;
    return new Dense(labelled - 1, labelled, weights, bias);
  }

  /** The length of the feature vectors it takes. */
  public int width() {
    return layers.get(0).inputs();
  }

  /**
   * @param features {@code [width]}
   * @return one probability a label, {@code [labels]}; of a {@link Output#VALUE} head the number
   */
  public float[] probabilities(float[] features) {
    return ofScores(scores(features));
  }

  /**
   * @param features {@code [width]}
   * @return what the last layer gives: of a {@link Output#SOFTMAX} head logits, {@code [labels]}
   */
  public float[] scores(float[] features) {
    Checks.argument(
        features.length == width(), "head takes %d features, got %d", width(), features.length);
    float[] x = input.apply(features);
    for (int i = 0; i < layers.size(); i++) {
      x = layers.get(i).apply(x);
      if (i < layers.size() - 1) {
        for (int j = 0; j < x.length; j++) {
          x[j] = Math.max(0f, x[j]);
        }
      }
    }
    return x;
  }

  /**
   * @param scores as {@link #scores} gives them
   * @return see {@link #probabilities}
   */
  public float[] ofScores(float[] scores) {
    return output.apply(scores);
  }

  /** {@code x / |x|}; zeros where all are. */
  static float[] unit(float[] x) {
    double squares = 0;
    for (float v : x) {
      squares += (double) v * v;
    }
    double norm = Math.sqrt(squares);
    float[] unit = new float[x.length];
    for (int j = 0; norm > 0 && j < x.length; j++) {
      unit[j] = (float) (x[j] / norm);
    }
    return unit;
  }

  private static float[] softmax(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    for (float v : logits) {
      max = Math.max(max, v);
    }
    double[] e = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < e.length; i++) {
      e[i] = StrictMath.exp((double) logits[i] - max);
      sum += e[i];
    }
    float[] p = new float[e.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = (float) (e[i] / sum);
    }
    return p;
  }

  /** Differences of rising sigmoids. */
  private static float[] steps(float[] logits) {
    float[] p = new float[logits.length + 1];
    double before = 0;
    for (int i = 0; i < p.length; i++) {
      double upTo = i == logits.length ? 1 : 1.0 / (1.0 + StrictMath.exp(-(double) logits[i]));
      p[i] = (float) Math.max(0, upTo - before);
      before = upTo;
    }
    return p;
  }

  private static float[] sigmoid(float[] logits) {
    float[] p = new float[logits.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = (float) (1.0 / (1.0 + StrictMath.exp(-(double) logits[i])));
    }
    return p;
  }

  /**
   * Whether a training of {@code spec} can begin with it: dense layers of the same widths, whose
   * outputs are labels' own.
   */
  public boolean isShapedAs(HeadSpec spec, Output wanted) {
    List<Integer> hidden =
        layers.subList(0, layers.size() - 1).stream().map(Dense::outputs).toList();
    return input == Input.RAW
        && output == wanted
        && (output == Output.SOFTMAX || output == Output.SIGMOID)
        && hidden.equals(spec.hidden())
        && !(spec instanceof HeadSpec.Mlp mlp && mlp.batchNorm());
  }

  /** The same of other labels, in their order: what is new begins with zeros, as any head does. */
  public TrainedHead relabelled(Labels others) {
    Checks.argument(
        output == Output.SOFTMAX || output == Output.SIGMOID,
        "outputs of %s are no labels",
        output);
    Dense last = layers.get(layers.size() - 1);
    float[] weights = new float[Math.multiplyExact(last.inputs(), others.size())];
    float[] bias = new float[others.size()];
    for (int to = 0; to < bias.length; to++) {
      int from = labels.index(others.name(to)).orElse(-1);
      if (from >= 0) {
        int width = last.inputs();
        System.arraycopy(last.weights(), from * width, weights, to * width, width);
        bias[to] = last.bias()[from];
      }
    }
    List<Dense> all = new ArrayList<>(layers);
    all.set(all.size() - 1, new Dense(last.inputs(), bias.length, weights, bias));
    return new TrainedHead(input, all, output, others);
  }

  /** SHA-256 over the shapes and the bits of all parameters, input, output and labels. */
  public String sha256() {
    Digest digest = new Digest().add(output.name());
    if (input != Input.RAW) { // heads of before there was another keep their digests
      digest.add(input.name());
    }
    labels.names().forEach(digest::add);
    for (Dense layer : layers) {
      digest.add(layer.inputs()).add(layer.outputs()).add(layer.weights()).add(layer.bias());
    }
    return digest.hex();
  }
}
