package org.graft;

import java.io.IOException;
import java.util.Optional;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BackboneSpec;
import org.graft.common.UserError;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.onnx.OnnxBackboneLoader;

/** What runs a frozen network. */
public enum Engine {
  /** ONNX where every layer of the network can be compiled, else DL4J: a fixed rule, no timing. */
  AUTO,
  /** The DL4J graph itself. */
  DL4J,
  /** The DL4J graph compiled to ONNX, by ONNX Runtime. */
  ONNX;

  /** A loader, and why it is not the one that might be expected; empty where it is. */
  record Choice(BackboneLoader loader, String note) {}

  Choice choose(BackboneSpec spec) throws IOException {
    if (this == DL4J) {
      Dl4jBackboneLoader.checkArchitecture(spec); // here, and not on the first executor
      return new Choice(new Dl4jBackboneLoader(), "");
    }
    Optional<String> refusal = this == ONNX ? Optional.empty() : OnnxBackboneLoader.refusal(spec);
    return refusal.isEmpty()
        ? new Choice(new OnnxBackboneLoader(), "")
        : new Choice(new Dl4jBackboneLoader(), "engine auto stays on DL4J: " + refusal.get());
  }

  /**
   * The engine that an {@link BackboneLoader#engine} record names.
   *
   * @param what names in errors where the record stands
   */
  static BackboneLoader recorded(String record, String what) {
    if (record.startsWith("dl4j ")) {
      return new Dl4jBackboneLoader();
    }
    if (record.startsWith("onnxruntime ")) {
      return new OnnxBackboneLoader();
    }
    throw new UserError(
        "Cannot use %s: its features are from the engine '%s' (this Graft has dl4j and onnxruntime). Use a newer Graft."
            .formatted(what, record));
  }
}
