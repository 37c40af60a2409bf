package org.graft.bench;

import java.util.Arrays;
import java.util.List;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.Precision;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.onnx.OnnxBackboneLoader;

/** What a network can be run by, from the slowest on. */
public enum BenchEngine {
  /** DL4J as it comes: its own convolutions. */
  DL4J_STOCK("dl4j-stock"),
  /** DL4J with oneDNN, as Graft runs it. */
  DL4J("dl4j"),
  /** Compiled from DL4J's graph, by ONNX Runtime. */
  ONNX("onnx"),
  /** The same on the first card, in a build of {@code -Pgpu}. */
  ONNX_CUDA("onnx-cuda");

  private static final List<String> OF_CARDS =
      List.of(Precision.TF32.name(), Precision.FP16.name());

  private final String id;

  BenchEngine(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }

  boolean computes(String precision) {
    if (precision.equals(Precision.FP32.name())) {
      return true;
    }
    return OF_CARDS.contains(precision) ? this == ONNX_CUDA : this == ONNX;
  }

  BackboneLoader loader() {
    return switch (this) {
      case DL4J_STOCK -> Dl4jBackboneLoader.stock();
      case DL4J -> new Dl4jBackboneLoader();
      case ONNX -> new OnnxBackboneLoader();
      case ONNX_CUDA -> new OnnxBackboneLoader().forCards(0);
    };
  }

  /** Those that every machine has. */
  static List<String> usual() {
    return ids().stream().filter(id -> !id.equals(ONNX_CUDA.id)).toList();
  }

  public static List<String> ids() {
    return Arrays.stream(values()).map(BenchEngine::id).toList();
  }

  /** The engine of a name that {@link #ids} has. */
  static BenchEngine of(String id) {
    return values()[ids().indexOf(id)];
  }
}
