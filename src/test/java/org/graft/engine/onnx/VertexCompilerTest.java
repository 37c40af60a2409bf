package org.graft.engine.onnx;

import static org.junit.jupiter.api.Named.named;

import ai.onnxruntime.OrtException;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.graft.backbone.BackboneCard.Input;
import org.graft.engine.dl4j.ChannelScaleVertex;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vertices that are no layers; element-wise ones and merging are {@link OnnxNetworkTest}'s. */
class VertexCompilerTest {
  private static final Input INPUT = new Input(6, 5, 4);

  static Stream<Named<GraphVertex>> vertices() {
    return Stream.of(
        named("scale", new ScaleVertex(0.3)),
        named("shift", new ShiftVertex(-0.7)),
        named("L2 normalize", new L2NormalizeVertex()),
        named("L2 normalize, dimensions", new L2NormalizeVertex(new int[] {1, 2, 3}, 1e-3)),
        named("subset", new SubsetVertex(1, 3)),
        named("reshape", new ReshapeVertex(-1, 3, 10, 4)),
        named("frozen", new FrozenVertex(new ScaleVertex(0.3))));
  }

  @ParameterizedTest
  @MethodSource("vertices")
  void ofAPicture(GraphVertex vertex) throws OrtException {
    CompiledOutput.assertDl4js(
        RandomGraphs.builder(INPUT).addVertex("it", vertex, "in").setOutputs("it"), INPUT);
  }

  @ParameterizedTest
  @MethodSource("flatVertices")
  void ofAVector(GraphVertex vertex) throws OrtException {
    CompiledOutput.assertDl4js(dense("a").addVertex("it", vertex, "a").setOutputs("it"), INPUT);
  }

  static Stream<Named<GraphVertex>> flatVertices() {
    return Stream.of(
        named("scale", new ScaleVertex(0.3)),
        named("L2 normalize", new L2NormalizeVertex()),
        named("subset", new SubsetVertex(2, 5)),
        named("reshape", new ReshapeVertex(-1, 2, 2, 3)));
  }

  @Test
  void aFactorForEachChannel() throws OrtException {
    CompiledOutput.assertDl4js(
        RandomGraphs.builder(INPUT)
            .addLayer(
                "mean", new GlobalPoolingLayer.Builder().collapseDimensions(false).build(), "in")
            .addVertex("it", new ChannelScaleVertex(), "in", "mean")
            .setOutputs("it"),
        INPUT);
  }

  private static GraphBuilder dense(String... names) {
    GraphBuilder builder = RandomGraphs.builder(INPUT);
    for (String name : names) {
      builder.addLayer(name, new DenseLayer.Builder().nOut(12).build(), "in");
    }
    return builder;
  }

  @Test
  void theDistanceOfTwoVectorsAndOfTwoPictures() throws OrtException {
    CompiledOutput.assertDl4js(
        dense("a", "b").addVertex("it", new L2Vertex(), "a", "b").setOutputs("it"), INPUT);
    CompiledOutput.assertDl4js(
        RandomGraphs.builder(INPUT)
            .addLayer("a", new ConvolutionLayer.Builder(1, 1).nOut(6).build(), "in")
            .addVertex("it", new L2Vertex(), "a", "in")
            .setOutputs("it"),
        INPUT);
  }

  @Test
  void aStackOfTwoInputsAndItsParts() throws OrtException {
    CompiledOutput.assertDl4js(
        dense("a", "b")
            .addVertex("both", new StackVertex(), "a", "b")
            .addLayer("shared", new DenseLayer.Builder().nOut(4).build(), "both")
            .addVertex("first", new UnstackVertex(0, 2), "shared")
            .addVertex("second", new UnstackVertex(1, 2), "shared")
            .addVertex("it", new L2Vertex(), "first", "second")
            .setOutputs("it"),
        INPUT);
  }

  @Test
  void foldsAVectorIntoAPicture() throws OrtException {
    FeedForwardToCnnPreProcessor fold = new FeedForwardToCnnPreProcessor(2, 2, 3);
    InputPreProcessor there = new CnnToFeedForwardPreProcessor(2, 2, 3);
    for (InputPreProcessor one :
        new InputPreProcessor[] {fold, new ComposableInputPreProcessor(fold, there, fold)}) {
      CompiledOutput.assertDl4js(
          dense("a").addVertex("it", new PreprocessorVertex(one), "a").setOutputs("it"), INPUT);
    }
  }

  /** As LeNet and others are written: vectors of pixels, which the first layer folds. */
  @Test
  void takesPicturesWhereVectorsOfPixelsWereExpected() throws OrtException {
    CompiledOutput.assertDl4js(
        RandomGraphs.builder(
                InputType.convolutionalFlat(INPUT.height(), INPUT.width(), INPUT.channels()))
            .addLayer("it", new ConvolutionLayer.Builder(2, 2).nOut(3).build(), "in")
            .setOutputs("it"),
        INPUT);
  }
}
