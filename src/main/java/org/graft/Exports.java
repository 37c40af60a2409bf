package org.graft;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneSpec;
import org.graft.bundle.Attachment;
import org.graft.common.UserError;
import org.graft.common.Version;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.dl4j.Dl4jExport;
import org.graft.engine.onnx.OnnxExport;
import org.graft.engine.onnx.OnnxModel;
import org.graft.head.TrainedHead;

/** Writes backbone and head for other programs, into a folder that goes away on close. */
final class Exports implements AutoCloseable {
  private final BackboneSpec backbone;
  private final TrainedHead head;
  private final Path folder;

  Exports(BackboneSpec backbone, TrainedHead head) throws IOException {
    this.backbone = backbone;
    this.head = head;
    this.folder = Files.createTempDirectory("graft-exports");
  }

  List<Attachment> write(List<Export> formats) throws IOException {
    List<Attachment> written = new ArrayList<>();
    if (formats.isEmpty()) {
      return written;
    }
    if (isOnnx(backbone.card())) {
      missing(backbone.card(), formats);
      return List.of(onnx(OnnxExport.ofFile(backbone, head, Version.graft())));
    }
    ComputationGraph graph = Dl4jBackboneLoader.graph(backbone);
    for (Export format : formats) {
      written.add(
          switch (format) {
            case DL4J -> dl4j(graph);
            case ONNX ->
                onnx(
                    OnnxExport.of(
                        graph, backbone.card(), backbone.pooling(), head, Version.graft()));
          });
    }
    return written;
  }

  /**
   * What cannot be written of a network of this card, though the others can; empty if nothing.
   *
   * @throws UserError if none of the formats can be written
   */
  static String missing(BackboneCard card, List<Export> formats) {
    if (card.preprocessing() == null && !formats.isEmpty()) {
      throw new UserError(
          "Cannot publish %s for other programs: only networks for pictures are written for them. Set publish.exports: []."
              .formatted(card.name()));
    }
    if (!isOnnx(card) || !formats.contains(Export.DL4J)) {
      return "";
    }
    if (!formats.contains(Export.ONNX)) {
      throw new UserError(
          "Cannot publish %s for DL4J: its backbone is an ONNX network. Set publish.exports: [onnx], or []."
              .formatted(card.name()));
    }
    return "no export for DL4J: the backbone is an ONNX network";
  }

  private static boolean isOnnx(BackboneCard card) {
    return card.architecture().equals(BackboneCard.ONNX);
  }

  private Attachment dl4j(ComputationGraph graph) throws IOException {
    Path file = folder.resolve(Attachment.DL4J);
    try (OutputStream out = Files.newOutputStream(file)) {
      Dl4jExport.write(
          Dl4jExport.network(graph, backbone.card().input(), backbone.pooling(), head), out);
    }
    return new Attachment(Attachment.DL4J, file);
  }

  private Attachment onnx(OnnxModel model) throws IOException {
    Path file = folder.resolve(Attachment.ONNX);
    try (OutputStream out = Files.newOutputStream(file)) {
      model.writeTo(out);
    }
    return new Attachment(Attachment.ONNX, file);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
