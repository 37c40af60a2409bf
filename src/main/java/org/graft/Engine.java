package org.graft;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.graft.backbone.BackboneCard;
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
  record Choice(BackboneLoader loader, String note) {
    /** Another loader, and one more note. */
    Choice with(BackboneLoader other, String more) {
      return new Choice(other, note.isEmpty() ? more : note + "; " + more);
    }
  }

  /** Those that may run the network, on the processor the first one does. */
  List<Choice> choices(BackboneSpec spec) throws IOException {
    if (this == DL4J) {
      Dl4jBackboneLoader.checkArchitecture(spec); // here, and not on the first executor
      return List.of(new Choice(new Dl4jBackboneLoader(), ""));
    }
    Choice onnx = new Choice(new OnnxBackboneLoader(), "");
    if (this == ONNX) {
      return List.of(onnx);
    }
    Optional<String> refusal = OnnxBackboneLoader.refusal(spec);
    if (refusal.isPresent()) {
      return List.of(
          new Choice(new Dl4jBackboneLoader(), "engine auto stays on DL4J: " + refusal.get()));
    }
    return spec.card().architecture().equals(BackboneCard.ONNX)
        ? List.of(onnx)
        : List.of(onnx, new Choice(new Dl4jBackboneLoader(), ""));
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
