package org.graft.job;

import java.util.List;
import org.graft.Export;
import org.graft.bundle.SigningKey;
import org.graft.common.Location;
import org.graft.common.Problems;

/**
 * @param exports formats to write the whole network in, beside the bundle's own
 * @param keep newest versions that stay when another is published, beside the one in use; 0: all
 * @param signingKey file of the key that signs bundles; empty: they are not signed
 */
public record PublishConfig(List<Export> exports, int keep, @Location String signingKey)
    implements Checked {
  static final PublishConfig DEFAULTS = new PublishConfig(List.of(Export.DL4J, Export.ONNX), 0, "");

  @Override
  public void check(Problems problems, String path) {
    problems.check(keep >= 0, "'%skeep' is %d: it must not be negative", path, keep);
  }

  /** Null where bundles are not signed. */
  SigningKey key() {
    return signingKey.isEmpty() ? null : SigningKey.read(signingKey);
  }
}
