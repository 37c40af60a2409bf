package org.graft.gpu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.graft.backbone.Precision;
import org.graft.common.Digest;
import org.graft.engine.onnx.CudaProvider;
import org.graft.engine.onnx.OnnxBackboneLoader;

/** The digest of a network's features on the processor, in a process of its own. */
public final class ProcessorBits {
  private ProcessorBits() {}

  /** Weights of mobilenetv2.coco. */
  public static void main(String[] args) throws IOException {
    BackboneCard card = BackboneCatalog.card("mobilenetv2.coco");
    BackboneSpec spec =
        new BackboneSpec(card, card.defaultCut(), Pooling.AVG, 8, Path.of(args[0]), Precision.FP32);
    System.out.println(CudaProvider.providers() + " " + of(spec));
  }

  static String of(BackboneSpec spec) throws IOException {
    try (Backbone backbone = new OnnxBackboneLoader().load(spec)) {
      float[] features =
          backbone.features(new float[][] {GoldenInput.of(3, backbone.inputLength())})[0];
      ByteBuffer bits = ByteBuffer.allocate(Float.BYTES * features.length);
      bits.asFloatBuffer().put(features);
      return Digest.of(bits.array());
    }
  }

  static double cosine(float[] a, float[] b) {
    double product = 0;
    double left = 0;
    double right = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      left += (double) a[i] * a[i];
      right += (double) b[i] * b[i];
    }
    return product / Math.sqrt(left * right);
  }
}
