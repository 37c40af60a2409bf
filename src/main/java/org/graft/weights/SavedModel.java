package org.graft.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A TensorFlow SavedModel: a folder with {@code saved_model.pb}, and its variables as a checkpoint
 * in {@code variables}. If there are none, its graph's constants are the weights.
 */
public final class SavedModel {
  static final String GRAPH = "saved_model.pb";
  static final String VARIABLES = "variables";
  static final String INDEX = "variables.index";

  private SavedModel() {}

  /**
   * @param path of the folder, or of {@code saved_model.pb} in it
   * @throws org.graft.common.UserError if a file is missing or not sound
   */
  public static Tensors open(Path path) throws IOException {
    Path folder = folder(path);
    Path index = folder.resolve(VARIABLES).resolve(INDEX);
    return Files.exists(index)
        ? TfCheckpoint.open(index)
        : TfGraph.openSavedModel(folder.resolve(GRAPH));
  }

  private static Path folder(Path path) {
    return Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
  }

  /** The variables' files, below the folder; the data files only once the index is there. */
  static List<String> files(Path path) throws IOException {
    List<String> names = new ArrayList<>(List.of(VARIABLES + "/" + INDEX));
    Path index = folder(path).resolve(VARIABLES).resolve(INDEX);
    if (Files.exists(index)) {
      try (TensorFile file = TensorFile.open(index)) {
        TfCheckpoint.files(file).forEach(name -> names.add(VARIABLES + "/" + name));
      }
    }
    return names;
  }
}
