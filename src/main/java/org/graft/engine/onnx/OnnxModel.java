package org.graft.engine.onnx;

import java.io.IOException;
import java.io.OutputStream;
import onnx.Onnx.ModelProto;

/**
 * A network in ONNX, in memory. The input of one for pictures is {@code
 * [N][channels][height][width]}, N free; those of one for texts are {@code [N][T]}, both free.
 */
public final class OnnxModel {
  private final ModelProto model;

  OnnxModel(ModelProto model) {
    this.model = model;
  }

  /** As protobuf: to be rewritten into another model. */
  ModelProto proto() {
    return model;
  }

  /** A whole {@code .onnx} file: what ONNX Runtime opens. */
  public byte[] bytes() {
    return model.toByteArray();
  }

  /** Leaves {@code out} open. */
  public void writeTo(OutputStream out) throws IOException {
    model.writeTo(out);
  }
}
