package org.graft.engine.dl4j;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.engine.WeightFiles;
import org.graft.weights.SafetensorsWriter;
import org.graft.weights.Tensors;
import org.graft.weights.WeightFormat;

/**
 * One of Graft's own networks up to a cut, with the weights of a file, and what they are called
 * there.
 */
record Pretrained(FrozenNetwork frozen, Network network, Dialect dialect) implements AutoCloseable {

  /**
   * @throws UserError if the file brings a network of its own
   */
  static Pretrained read(BackboneSpec spec) throws IOException {
    BackboneCard card = spec.card();
    if (card.ownNetwork() || WeightFormat.of(spec.weights()) == WeightFormat.DL4J_ZIP) {
      throw new UserError(
          "Cannot fine-tune %s: its weight file %s is a whole network, and only weights of Graft's own architectures can be written back. Take one of `graft backbones list`, or remove finetune.from."
              .formatted(card.name(), spec.weights().getFileName()));
    }
    if (!spec.precision().equals(Precision.FP32)) {
      throw new UserError(
          "Cannot fine-tune %s in %s: gradients need fp32."
              .formatted(card.name(), spec.precision().name()));
    }
    Network network = Networks.of(card.architecture());
    try (Tensors tensors = WeightFiles.open(spec.weights())) {
      String file = spec.weights().toString();
      String vertex = card.cut(spec.cut()).layer();
      return new Pretrained(
          FrozenNetwork.of(network, vertex, card.input(), tensors, file),
          network,
          network.dialect(KerasNumbers.fromZero(tensors).names()));
    }
  }

  ComputationGraph graph() {
    return frozen.graph();
  }

  /** Whether the file holds that parameter; else it is always one. */
  boolean holds(String vertex, String kind) {
    return network.tensor(dialect, vertex, kind) != null;
  }

  /** The same network with a copy of the weights. */
  Pretrained copy() {
    return new Pretrained(
        new FrozenNetwork(frozen.network(), frozen.parameters().dup()), network, dialect);
  }

  /** As safetensors, under the names that the weights were read by. */
  void write(Path file) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    Parameter.of(graph(), network, dialect)
        .forEach(p -> writer.add(p.tensor(), p.shape(), p.get()));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      writer.writeTo(out);
    }
  }

  @Override
  public void close() {
    frozen.parameters().close();
  }
}
