package org.graft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graft.bundle.BundleReader;
import org.graft.bundle.ModelBundle;
import org.graft.bundle.TrustedKeys;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.spark.BackboneChoice;
import org.graft.weights.Sha256;

/**
 * A published model that was checked and opened. Closing it removes the weights, which Spark then
 * has a copy of, if they were shipped.
 *
 * @param backbone its weights are a copy of the bundle's, here on the driver
 */
public record PublishedModel(ModelBundle bundle, BackboneChoice backbone) implements AutoCloseable {
  /**
   * @param trusted one of which must have signed it
   * @param path a version's folder, or a model's: then its latest version
   * @throws UserError if it is not whole, not signed as wanted, or has no weights
   */
  public static PublishedModel open(Storage storage, TrustedKeys trusted, String path)
      throws IOException {
    BundleReader reader = new BundleReader(storage, trusted);
    ModelBundle model = reader.read(path);
    String name =
        model
            .backboneFile()
            .orElseThrow(
                () ->
                    new UserError(
                        "Cannot score with %s: it holds no backbone weights. Publish it again."
                            .formatted(model.path())));
    Path weights = Files.createTempDirectory("graft-bundle").resolve(name);
    boolean whole = false;
    try {
      reader.fetch(model, name, weights);
      BackboneChoice backbone =
          new BackboneChoice(
              model.backbone(weights),
              Engine.recorded(model.content().engine(), model.path()),
              Sha256.of(weights),
              model.content().jpegScaling());
      whole = true;
      return new PublishedModel(model, backbone);
    } finally {
      if (!whole) {
        delete(weights);
      }
    }
  }

  private static void delete(Path weights) throws IOException {
    Files.deleteIfExists(weights);
    Files.deleteIfExists(weights.getParent());
  }

  @Override
  public void close() throws IOException {
    delete(backbone.spec().weights());
  }
}
