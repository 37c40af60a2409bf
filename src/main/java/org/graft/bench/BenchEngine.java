package org.graft.bench;

import java.util.Arrays;
import java.util.List;
import org.graft.backbone.BackboneLoader;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.onnx.OnnxBackboneLoader;

/** What a network can be run by, from the slowest on. */
public enum BenchEngine {
  /** DL4J as it comes: its own convolutions. */
  DL4J_STOCK("dl4j-stock"),
  /** DL4J with oneDNN, as Graft runs it. */
  DL4J("dl4j"),
  /** Compiled from DL4J's graph, by ONNX Runtime. */
  ONNX("onnx");

  private final String id;

  BenchEngine(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }

  boolean computes(String precision) {
    return precision.equals("fp32") || this == ONNX;
  }

  BackboneLoader loader() {
    return switch (this) {
      case DL4J_STOCK -> Dl4jBackboneLoader.stock();
      case DL4J -> new Dl4jBackboneLoader();
      case ONNX -> new OnnxBackboneLoader();
    };
  }

  public static List<String> ids() {
    return Arrays.stream(values()).map(BenchEngine::id).toList();
  }

  /** The engine of a name that {@link #ids} has. */
  static BenchEngine of(String id) {
    return values()[ids().indexOf(id)];
  }
}
