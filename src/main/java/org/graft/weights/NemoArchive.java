package org.graft.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A model as NVIDIA NeMo saves it, {@code .nemo}: a tar archive, packed by gzip in earlier
 * versions, of {@code model_config.yaml} and the state dict {@code model_weights.ckpt}. The state
 * dict alone is unpacked, into a temporary folder; a card says all that Graft wants to know of the
 * configuration.
 */
public final class NemoArchive {
  private static final String WEIGHTS = "model_weights.ckpt";
  static final Pattern FILES = Pattern.compile("model_(weights\\.ckpt|config\\.yaml)");
  private static final Pattern WANTED = Pattern.compile(Pattern.quote(WEIGHTS));

  private NemoArchive() {}

  /**
   * Unpacks and opens it; the temporary folder goes when it is closed.
   *
   * @throws org.graft.common.UserError if it is not sound or holds no weights
   */
  public static Tensors open(Path path) throws IOException {
    return UnpackedTensors.of(
        path,
        (archive, folder) -> {
          new TarArchive(archive).unpack(WANTED, folder);
          if (!Files.exists(folder.resolve(WEIGHTS))) {
            throw archive.unsupported(
                "it holds no " + WEIGHTS, "Give a .nemo file as NeMo saved it.");
          }
          return TorchCheckpoint.open(folder.resolve(WEIGHTS));
        });
  }
}
