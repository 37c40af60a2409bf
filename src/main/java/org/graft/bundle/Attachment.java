package org.graft.bundle;

import java.nio.file.Path;
import org.graft.common.Checks;

/**
 * A large file that a bundle carries.
 *
 * @param name in the bundle
 * @param file where it is now; not to change before it is published
 */
public record Attachment(String name, Path file) {
  /** DL4J's zip of backbone and head. */
  public static final String DL4J = "network.zip";

  /** ONNX of backbone and head. */
  public static final String ONNX = "network.onnx";

  /** What the training's samples look like: a {@link org.graft.evaluate.Profile}. */
  public static final String PROFILE = "profile.json";

  static final String BACKBONE = "backbone.";

  public Attachment {
    Checks.argument(BundleManifest.isPlainName(name), "not a plain file name: %s", name);
  }

  /** The backbone's weights, so that the bundle scores by itself; the file's ending is kept. */
  public static Attachment backbone(Path weights) {
    String file = String.valueOf(weights.getFileName());
    return new Attachment(BACKBONE + file.substring(file.lastIndexOf('.') + 1), weights);
  }
}
