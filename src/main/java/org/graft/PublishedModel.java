package org.graft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.Cards;
import org.graft.backbone.Precision;
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
   * For the processor: a network that cards ran in numbers of their own is run in float32.
   *
   * @param trusted one of which must have signed it
   * @param path a version's folder, or a model's: then its latest version
   * @throws UserError if it is not whole, not signed as wanted, or has no weights
   */
  public static PublishedModel open(Storage storage, TrustedKeys trusted, String path)
      throws IOException {
    return open(storage, trusted, path, DeviceKind.CPU, Cards.here());
  }

  /**
   * The same for any device.
   *
   * @throws UserError if it cannot compute there, too
   */
  public static PublishedModel open(
      Storage storage, TrustedKeys trusted, String path, DeviceKind device, Cards cards)
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
      BackboneSpec spec = model.backbone(weights);
      Engine.Choice recorded =
          new Engine.Choice(Engine.recorded(model.content().engine(), model.path()), "");
      BackboneLoader loader = device.of(List.of(recorded), spec, cards, 0).loader();
      BackboneChoice backbone =
          new BackboneChoice(
              spec.precision() instanceof Precision.OfCards && !loader.onCards()
                  ? spec.withPrecision(Precision.FP32)
                  : spec,
              loader,
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
