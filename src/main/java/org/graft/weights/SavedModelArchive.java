package org.graft.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A SavedModel as {@code tfhub.dev} serves it: a {@code .tar.gz} of the folder. The graph and the
 * variables, and nothing else, are unpacked into a temporary folder; entries with any other name
 * are passed over.
 */
public final class SavedModelArchive {
  static final Pattern WANTED =
      Pattern.compile("saved_model\\.pb|variables/variables\\.(index|data-\\d{5}-of-\\d{5})");

  private SavedModelArchive() {}

  /**
   * Unpacks and opens it; the temporary folder goes when it is closed.
   *
   * @throws org.graft.common.UserError if it is not sound or no SavedModel
   */
  public static Tensors open(Path path) throws IOException {
    return UnpackedTensors.of(
        path,
        (archive, folder) -> {
          Files.createDirectory(folder.resolve(SavedModel.VARIABLES));
          new TarArchive(archive).unpack(WANTED, folder);
          if (!Files.exists(folder.resolve(SavedModel.GRAPH))) {
            throw archive.unsupported(
                "it holds no " + SavedModel.GRAPH,
                "Give a SavedModel, packed from its own folder.");
          }
          return SavedModel.open(folder);
        });
  }
}
