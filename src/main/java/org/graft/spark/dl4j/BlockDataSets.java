package org.graft.spark.dl4j;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.graft.common.Checks;
import org.graft.head.LabelledBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Blocks as DL4J's data sets and back; a row's key is its example metadata, its weight the mask of
 * its targets.
 */
final class BlockDataSets {
  private BlockDataSets() {}

  static DataSet dataSet(LabelledBlock block) {
    DataSet dataSet =
        new DataSet(
            Nd4j.create(block.features(), new long[] {block.size(), block.width()}, 'c'),
            Nd4j.create(block.targets(), new long[] {block.size(), block.classes()}, 'c'));
    if (isWeighted(block)) { // DL4J's own losses take no mask of one column
      dataSet.setLabelsMaskArray(Nd4j.create(block.weights(), new long[] {block.size(), 1}, 'c'));
    }
    dataSet.setExampleMetaData(new ArrayList<>(block.keys())); // Kryo fills no List.of
    return dataSet;
  }

  private static boolean isWeighted(LabelledBlock block) {
    for (float weight : block.weights()) {
      if (weight != 1) {
        return true;
      }
    }
    return false;
  }

  static LabelledBlock block(DataSet dataSet) {
    List<Serializable> keys = dataSet.getExampleMetaData();
    Checks.argument(
        keys != null && keys.size() == dataSet.getFeatures().size(0),
        "a DataSet must have its rows' keys as example metadata: batches are drawn by them");
    return new LabelledBlock(
        keys.stream().map(String.class::cast).toList(),
        Math.toIntExact(dataSet.getFeatures().size(1)),
        Math.toIntExact(dataSet.getLabels().size(1)),
        dataSet.getFeatures().dup('c').data().asFloat(),
        dataSet.getLabels().dup('c').data().asFloat(),
        weights(dataSet));
  }

  private static float[] weights(DataSet dataSet) {
    INDArray mask = dataSet.getLabelsMaskArray();
    return mask == null
        ? Nd4j.ones(dataSet.getFeatures().size(0)).data().asFloat()
        : mask.dup('c').data().asFloat();
  }
}
