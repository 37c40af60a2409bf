package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.engine.onnx.RandomGraphs;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.testing.SmallModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class Dl4jExportTest {
  private static final BackboneCard CARD = SmallModels.CARD;

  @ParameterizedTest
  @CsvSource({
    "flat, AVG, SOFTMAX, 0",
    "flat, AVG, SIGMOID, 9",
    "spatial, AVG, SOFTMAX, 9",
    "spatial, MAX, SIGMOID, 0",
    "spatial, NONE, SOFTMAX, 0",
    "flat, AVG, ORDINAL, 0",
    "spatial, AVG, ORDINAL, 5",
    "flat, AVG, VALUE, 0",
    "spatial, MAX, VALUE, 5"
  })
  void loadedBackItGivesTheHeadsProbabilities(
      String cut, Pooling pooling, Output output, int hidden) throws IOException {
    ComputationGraph backbone = SmallModels.backbone(cut, 3);
    TrainedHead head = SmallModels.head(CARD.cut(cut).featureWidth(pooling), hidden, output, 4);
    byte[] zip = zip(Dl4jExport.network(backbone, CARD.input(), pooling, head));
    ComputationGraph back =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(zip), false);
    INDArray pictures = RandomGraphs.pictures(3, CARD.input(), 5);
    float[][] features = SmallModels.features(backbone, pooling, pictures);
    INDArray got = back.outputSingle(pictures.dup());
    for (int i = 0; i < features.length; i++) {
      assertArrayEquals(head.probabilities(features[i]), got.getRow(i).toFloatVector(), 1e-6f);
    }
  }

  @Test
  void featuresOfLengthOneAreThoseOfTheHead() throws IOException {
    TrainedHead head = SmallModels.unit(SmallModels.head(6, 0, Output.SOFTMAX, 4));
    ComputationGraph backbone = SmallModels.backbone("spatial", 3);
    byte[] zip = zip(Dl4jExport.network(backbone, CARD.input(), Pooling.AVG, head));
    INDArray pictures = RandomGraphs.pictures(3, CARD.input(), 5);
    float[][] features = SmallModels.features(backbone, Pooling.AVG, pictures);
    INDArray got =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(zip), false)
            .outputSingle(pictures.dup());
    for (int i = 0; i < features.length; i++) {
      assertArrayEquals(head.probabilities(features[i]), got.getRow(i).toFloatVector(), 1e-6f);
    }
  }

  @Test
  void equalNetworksGiveEqualBytes() throws IOException {
    TrainedHead head = SmallModels.head(7, 0, Output.SOFTMAX, 4);
    byte[] once =
        zip(Dl4jExport.network(SmallModels.backbone("flat", 3), CARD.input(), Pooling.AVG, head));
    byte[] again =
        zip(Dl4jExport.network(SmallModels.backbone("flat", 3), CARD.input(), Pooling.AVG, head));
    assertArrayEquals(once, again);
  }

  @Test
  void anExportCanBeABackboneAgain() {
    TrainedHead first = SmallModels.head(7, 0, Output.SOFTMAX, 4);
    ComputationGraph export =
        Dl4jExport.network(SmallModels.backbone("flat", 3), CARD.input(), Pooling.AVG, first);
    TrainedHead second = SmallModels.head(3, 0, Output.SOFTMAX, 5);
    ComputationGraph twice = Dl4jExport.network(export, CARD.input(), Pooling.AVG, second);
    assertTrue(twice.getConfiguration().getVertices().containsKey("head_0_"));
    INDArray picture = RandomGraphs.pictures(1, CARD.input(), 5);
    float[] once = export.outputSingle(picture.dup()).toFloatVector();
    assertArrayEquals(
        second.probabilities(once), twice.outputSingle(picture.dup()).toFloatVector(), 1e-6f);
  }

  @Test
  void theBackboneStaysAsItIs() {
    ComputationGraph backbone = SmallModels.backbone("flat", 3);
    String configuration = backbone.getConfiguration().toJson();
    INDArray parameters = backbone.params().dup();
    TrainedHead head = SmallModels.head(7, 0, Output.SOFTMAX, 4);
    ComputationGraph network = Dl4jExport.network(backbone, CARD.input(), Pooling.AVG, head);
    network.params().assign(0);
    assertEquals(configuration, backbone.getConfiguration().toJson());
    assertEquals(parameters, backbone.params());
  }

  private static byte[] zip(ComputationGraph network) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Dl4jExport.write(network, out);
    return out.toByteArray();
  }
}
