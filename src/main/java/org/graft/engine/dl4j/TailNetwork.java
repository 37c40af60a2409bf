package org.graft.engine.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneSpec;
import org.graft.head.FeatureScaling;
import org.graft.head.FineTuning;
import org.graft.head.SampleLoss;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainingOptions;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The pretrained layers above an earlier cut, with a head on top, as a graph to train; and what
 * became of them.
 *
 * <p>Batch norm uses its stored statistics, and is trained in its factors and offsets. Between cut
 * and head, features are scaled as they were for the head that training starts from.
 */
public final class TailNetwork implements AutoCloseable {
  private final BackboneSpec spec;
  private final Pretrained pretrained;
  private final Tail tail;
  private final TailGroups groups;

  private TailNetwork(BackboneSpec spec, Pretrained pretrained, Tail tail) {
    this.spec = spec;
    this.pretrained = pretrained;
    this.tail = tail;
    this.groups = new TailGroups(tail, spec.card());
  }

  /**
   * Reads the pretrained weights.
   *
   * @param spec of the network up to the cut whose features the head takes
   * @param from where the tail begins: a cut of the card, or a layer
   * @throws org.graft.common.UserError if the network is not one of Graft's own, or has no such
   *     place
   */
  public static TailNetwork read(BackboneSpec spec, String from) throws IOException {
    Dl4jEngine.prepare();
    Pretrained pretrained = Pretrained.read(spec);
    try {
      BackboneCard card = spec.card();
      return new TailNetwork(
          spec,
          pretrained,
          Tail.of(
              pretrained.graph().getConfiguration(), card.input(), layer(card, from), card.name()));
    } catch (RuntimeException e) {
      pretrained.close();
      throw e;
    }
  }

  private static String layer(BackboneCard card, String from) {
    return card.cuts().stream()
        .filter(cut -> cut.name().equals(from))
        .map(Cut::layer)
        .findFirst()
        .orElse(from);
  }

  /** The place below the tail; its activations are to be taken without pooling. */
  public Cut below() {
    return spec.card().cuts().stream()
        .filter(cut -> cut.layer().equals(tail.from()))
        .findFirst()
        .orElseGet(
            () -> Vertices.cut(tail.from(), tail.from(), tail.network(), spec.card().input()));
  }

  /** Layers that are trained, group by group, the lowest first. */
  public List<List<String>> groups() {
    return groups.all();
  }

  /**
   * A graph to train, from rows of activations to probabilities; with the pretrained weights.
   *
   * @param start the head to begin with, which takes raw features
   * @param scaling of the features at the cut, for training
   */
  public ComputationGraph create(
      TrainedHead start,
      FeatureScaling scaling,
      SampleLoss loss,
      TrainingOptions options,
      FineTuning tuning) {
    TailDrawing drawing =
        new TailDrawing(pretrained, tail, groups, spec.pooling(), options, tuning);
    ComputationGraph graph = HeadNetwork.init(drawing.draw(start, loss), null);
    copyTail(graph);
    Layer scaled = graph.getLayer(TailDrawing.SCALED);
    assign(scaled.getParam("gamma"), scaling.factors());
    assign(scaled.getParam("beta"), scaling.shifts());
    List<String> layers = HeadNetwork.layers(start.layers().size() - 1);
    for (int i = 0; i < layers.size(); i++) {
      Dense dense = start.layers().get(i);
      Dense own = i == 0 ? scaling.unfold(dense) : dense;
      Layer layer = graph.getLayer(layers.get(i));
      INDArray transposed = layer.getParam("W").transpose();
      assign(transposed, own.weights());
      assign(layer.getParam("b"), own.bias());
    }
    return graph;
  }

  private void copyTail(ComputationGraph to) {
    ComputationGraph from = pretrained.graph();
    for (String vertex : tail.vertices()) {
      if (!tail.learns(vertex)) {
        continue;
      }
      Layer source = from.getLayer(vertex);
      if (source.conf().getLayer() instanceof BatchNormalization) {
        NormFolding.fold(source, to.getLayer(vertex));
      } else {
        copy(source, to.getLayer(vertex));
      }
    }
  }

  private static void copy(Layer from, Layer to) {
    Map<String, INDArray> target = to.paramTable();
    from.paramTable().forEach((kind, values) -> target.get(kind).assign(values));
  }

  private static void assign(INDArray to, float[] values) {
    try (INDArray source = Nd4j.createFromArray(values)) {
      to.assign(source.reshape('c', to.shape()));
    }
  }

  /** The head of a graph that {@link #create} made, for raw features. */
  public TrainedHead head(ComputationGraph graph, TrainedHead start, FeatureScaling scaling) {
    List<String> names = HeadNetwork.layers(start.layers().size() - 1);
    List<Dense> layers =
        names.stream()
            .map(name -> dense(graph.getLayer(name)))
            .collect(java.util.stream.Collectors.toList());
    layers.set(0, scaling.fold(layers.get(0)));
    return new TrainedHead(layers, start.output(), start.labels());
  }

  private static Dense dense(Layer layer) {
    INDArray weights = layer.getParam("W");
    return new Dense(
        Math.toIntExact(weights.size(0)),
        Math.toIntExact(weights.size(1)),
        weights.transpose().dup('c').data().asFloat(),
        layer.getParam("b").dup('c').data().asFloat());
  }

  /**
   * The pretrained network up to the cut, with the tail of {@code graph}, as safetensors.
   *
   * @param graph that {@link #create} made
   */
  public void write(ComputationGraph graph, Path file) throws IOException {
    try (Pretrained tuned = pretrained.copy()) {
      ComputationGraph to = tuned.graph();
      for (String vertex : tail.vertices()) {
        if (!tail.learns(vertex)) {
          continue;
        }
        Layer target = to.getLayer(vertex);
        if (target.conf().getLayer() instanceof BatchNormalization) {
          NormFolding.unfold(graph.getLayer(vertex), target);
        } else {
          copy(graph.getLayer(vertex), target);
        }
      }
      tuned.write(file);
    }
  }

  @Override
  public void close() {
    pretrained.close();
  }
}
