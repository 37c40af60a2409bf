package org.graft.engine.dl4j;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.UserError;
import org.graft.head.TrainedHead;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Backbone and head as one DL4J network: preprocessed pictures in, probabilities out. The zip is
 * what {@code ModelSerializer.restoreComputationGraph} reads.
 */
public final class Dl4jExport {
  private final ComputationGraph backbone;
  private final GraphBuilder builder;

  private Dl4jExport(ComputationGraph backbone) {
    this.backbone = backbone;
    ComputationGraphConfiguration copy = backbone.getConfiguration().clone();
    copy.getVertices().values().forEach(Dl4jExport::forgetSeed);
    copy.getDefaultConfiguration().setSeed(0);
    this.builder =
        new GraphBuilder(copy, new NeuralNetConfiguration.Builder(copy.getDefaultConfiguration()));
  }

  /** DL4J's default seed is the time of day, and nothing is initialised by it here. */
  private static void forgetSeed(GraphVertex vertex) {
    if (vertex instanceof LayerVertex layer) {
      layer.getLayerConf().setSeed(0);
    }
  }

  /**
   * A new network with copies of all parameters.
   *
   * @param backbone the frozen graph up to the cut: its only output; NCHW
   * @param pooling what becomes of a cut with a height and a width; of no effect on a flat one
   */
  public static ComputationGraph network(
      ComputationGraph backbone, Input input, Pooling pooling, TrainedHead head) {
    Dl4jExport export = new Dl4jExport(backbone);
    List<String> layers =
        ScoringLayers.add(export.builder, head, export.flatten(input, pooling), export::freeName);
    export.builder.setOutputs(layers.get(layers.size() - 1));
    ComputationGraph network = new ComputationGraph(export.builder.build());
    network.init();
    Map<String, INDArray> parameters = network.paramTable();
    backbone.paramTable().forEach((name, values) -> parameters.get(name).assign(values));
    ScoringLayers.fill(network, layers, head);
    return network;
  }

  /**
   * DL4J's zip, as {@link ModelSerializer} writes it without updater state, but without the time of
   * day and uncompressed (weights hardly shrink): equal networks give equal bytes. Leaves {@code
   * out} open.
   */
  public static void write(ComputationGraph network, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setLevel(Deflater.NO_COMPRESSION);
    zip.putNextEntry(entry(ModelSerializer.CONFIGURATION_JSON));
    zip.write(network.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8));
    zip.putNextEntry(entry(ModelSerializer.COEFFICIENTS_BIN));
    DataOutputStream parameters = new DataOutputStream(new BufferedOutputStream(zip, 1 << 16));
    Nd4j.write(network.params(), parameters);
    parameters.flush();
    zip.finish();
    out.flush();
  }

  private static ZipEntry entry(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    return entry;
  }

  /** Makes the cut a vector; gives the name of the vertex that is one. */
  private String flatten(Input input, Pooling pooling) {
    ComputationGraphConfiguration configuration = backbone.getConfiguration();
    String cut = configuration.getNetworkOutputs().get(0);
    InputType type =
        configuration
            .clone()
            .getLayerActivationTypes(
                InputType.convolutional(input.height(), input.width(), input.channels()))
            .get(cut);
    if (!(type instanceof InputType.InputTypeConvolutional picture)) {
      return cut;
    }
    String name = freeName("head_pooling");
    switch (pooling) {
      case AVG -> builder.addLayer(name, new GlobalPoolingLayer(PoolingType.AVG), cut);
      case MAX -> builder.addLayer(name, new GlobalPoolingLayer(PoolingType.MAX), cut);
      case NONE ->
          builder.addVertex(
              name,
              new PreprocessorVertex(
                  new CnnToFeedForwardPreProcessor(
                      picture.getHeight(), picture.getWidth(), picture.getChannels())),
              cut);
      case FIRST ->
          throw new UserError(
              "Cannot write the network for DL4J: it has no layer for pooling: first. Publish without the dl4j export, or take another pooling.");
      case LAST -> throw new IllegalStateException("last is for texts");
    }
    return name;
  }

  /** An export may itself have become a backbone: its names are taken then. */
  private String freeName(String name) {
    String free = name;
    while (backbone.getConfiguration().getVertices().containsKey(free)) {
      free += "_";
    }
    return free;
  }
}
