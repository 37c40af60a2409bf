package org.graft.engine.dl4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.weights.WeightInit;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.UserError;
import org.graft.head.FineTuning;
import org.graft.head.HeadSpec;
import org.graft.head.SampleLoss;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainingOptions;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Draws a tail with a head: rows of activations, the tail's layers, pooling, scaling, the head.
 *
 * @param options the updater, and the penalty on the head's weights; the tail has none
 */
record TailDrawing(
    Pretrained pretrained,
    Tail tail,
    TailGroups groups,
    Pooling pooling,
    TrainingOptions options,
    FineTuning tuning) {
  private static final String INPUT = "activations";

  /** DL4J's Adam takes a rate of 0 for none, and steps by its epsilon. */
  static final double NEXT_TO_NOTHING = 1e-30;

  private static final String POOLED = "cut_pooled";

  /** Of the features, before the head; never trained. */
  static final String SCALED = "cut_scaled";

  ComputationGraphConfiguration draw(TrainedHead start, SampleLoss loss) {
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(0) // nothing is drawn by it
            .weightInit(WeightInit.ZERO)
            .updater(updater(0))
            .l2(options.l2())
            .graphBuilder();
    addInput(builder);
    tail.vertices().forEach(vertex -> add(builder, vertex));
    builder.addLayer(SCALED, still(new ChannelAffine(start.width(), true)), pooled(builder));
    List<Integer> hidden = start.layers().stream().skip(1).map(Dense::inputs).toList();
    HeadNetwork.addLayers(
        builder,
        SCALED,
        new HeadSpec.Linear(), // no dropout, no batch norm
        HeadNetwork.widths(start.width(), hidden, start.labels().size()),
        start.output(),
        HeadNetwork.loss(start.output(), loss));
    List<String> head = HeadNetwork.layers(hidden.size());
    ComputationGraphConfiguration drawn = builder.setOutputs(head.get(head.size() - 1)).build();
    tail.vertices().stream().filter(tail::learns).forEach(vertex -> spare(drawn, vertex));
    return drawn;
  }

  /**
   * From the penalty. Not earlier: a layer that has none is given the head's when it is built in.
   */
  private static void spare(ComputationGraphConfiguration drawn, String vertex) {
    Layer layer = ((LayerVertex) drawn.getVertices().get(vertex)).getLayerConf().getLayer();
    if (layer instanceof BaseLayer own) {
      own.setRegularization(List.of());
      own.setRegularizationBias(List.of());
    } else if (layer instanceof AbstractSameDiffLayer own) {
      own.setRegularization(List.of());
      own.setRegularizationBias(List.of());
    }
  }

  /** Maps come as rows, and get their shape back under the name of the vertex that gave them. */
  private void addInput(GraphBuilder builder) {
    if (tail.types().get(tail.from()) instanceof InputTypeConvolutional maps) {
      var shape =
          new FeedForwardToCnnPreProcessor(maps.getHeight(), maps.getWidth(), maps.getChannels());
      builder.addInputs(INPUT).addVertex(tail.from(), new PreprocessorVertex(shape), INPUT);
    } else {
      builder.addInputs(tail.from());
    }
  }

  private void add(GraphBuilder builder, String name) {
    GraphVertex vertex = tail.network().getVertices().get(name);
    if (vertex instanceof LayerVertex layer) {
      builder.addLayer(
          name,
          copy(name, layer.getLayerConf().getLayer()),
          layer.getPreProcessor(),
          tail.inputs(name));
    } else {
      builder.addVertex(name, vertex.clone(), tail.inputs(name));
    }
  }

  private Layer copy(String name, Layer layer) {
    if (!tail.learns(name)) {
      return layer.clone();
    }
    Layer copy =
        layer instanceof BatchNormalization norm
            ? new ChannelAffine(norm.getNOut(), !pretrained.holds(name, "gamma"))
            : layer.clone();
    IUpdater updater = updater(groups.depth(name));
    if (copy instanceof BaseLayer own) {
      own.setIUpdater(updater);
    } else if (copy instanceof AbstractSameDiffLayer own) {
      own.setUpdater(updater);
      own.setBiasUpdater(updater);
    } else {
      throw new UserError(
          "Cannot fine-tune from '%s': layer '%s' is of a kind that cannot be trained (%s). Set finetune.from to a later cut."
              .formatted(tail.from(), name, layer.getClass().getSimpleName()));
    }
    return copy;
  }

  private static ChannelAffine still(ChannelAffine layer) {
    layer.setUpdater(new Sgd(0));
    layer.setBiasUpdater(new Sgd(0));
    return layer;
  }

  /** At nothing until its turn comes. */
  private IUpdater updater(int depth) {
    Map<Integer, Double> rates = new HashMap<>();
    rates.put(0, NEXT_TO_NOTHING);
    rates.put(tuning.turn(depth), tuning.rate(depth));
    return HeadNetwork.updater(options, new MapSchedule(ScheduleType.EPOCH, rates));
  }

  /** A flat vertex at the cut. */
  private String pooled(GraphBuilder builder) {
    String cut = tail.cut();
    if (!(tail.types().get(cut) instanceof InputTypeConvolutional maps)) {
      return cut;
    }
    switch (pooling) {
      case AVG -> builder.addLayer(POOLED, new GlobalPoolingLayer(PoolingType.AVG), cut);
      case MAX -> builder.addLayer(POOLED, new GlobalPoolingLayer(PoolingType.MAX), cut);
      case NONE -> {
        var flat =
            new CnnToFeedForwardPreProcessor(maps.getHeight(), maps.getWidth(), maps.getChannels());
        builder.addVertex(POOLED, new PreprocessorVertex(flat), cut);
      }
      case FIRST ->
          throw new UserError(
              "Cannot fine-tune with pooling 'first': there is no layer for it. Set backbone.pooling to avg, max or none.");
      case LAST -> throw new IllegalStateException("last is for texts");
    }
    return POOLED;
  }
}
