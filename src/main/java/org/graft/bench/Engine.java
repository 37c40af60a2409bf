package org.graft.bench;

import java.util.Arrays;
import java.util.List;
import org.graft.backbone.BackboneLoader;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.onnx.OnnxBackboneLoader;

/** What a network can be run by. */
public enum Engine {
  /** DL4J as it comes: its own convolutions. */
  DL4J_STOCK("dl4j-stock", List.of("fp32"), Dl4jBackboneLoader.stock()),
  /** DL4J with oneDNN, as Graft runs it. */
  DL4J("dl4j", List.of("fp32"), new Dl4jBackboneLoader()),
  /** Compiled from DL4J's graph, by ONNX Runtime. */
  ONNX("onnx", List.of("fp32"), new OnnxBackboneLoader());

  private final String id;
  private final List<String> precisions;
  private final BackboneLoader loader;

  Engine(String id, List<String> precisions, BackboneLoader loader) {
    this.id = id;
    this.precisions = precisions;
    this.loader = loader;
  }

  public String id() {
    return id;
  }

  boolean computes(String precision) {
    return precisions.contains(precision);
  }

  BackboneLoader loader() {
    return loader;
  }

  public static List<String> ids() {
    return Arrays.stream(values()).map(Engine::id).toList();
  }

  /** The engine of a name that {@link #ids} has. */
  static Engine of(String id) {
    return values()[ids().indexOf(id)];
  }
}
