package org.graft.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.common.ProtoMessage;

/**
 * The initialisers of an ONNX model as named tensors, also those in external files beside it.
 * Tensors of text, complex numbers or less than eight bits an element are left out. Fields: {@code
 * onnx.proto}.
 */
public final class OnnxWeights {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int MOST_FILES = 1000;

  private OnnxWeights() {}

  /**
   * Reads the model's structure and checks every initialiser against the files.
   *
   * @throws org.graft.common.UserError if a file is missing or not sound
   */
  public static Tensors open(Path path) throws IOException {
    return OpenFiles.with(
        files -> {
          TensorFile file = files.open(path);
          Map<String, TensorFile> external = new LinkedHashMap<>();
          Map<String, TensorMap.Entry> entries = new LinkedHashMap<>();
          for (OnnxTensor tensor : initializers(file)) {
            if (tensor.isNumeric()
                && entries.put(tensor.name(), entry(tensor, file, external, files)) != null) {
              throw file.damaged("two initialisers have the name '%s'", tensor.name());
            }
          }
          return new TensorMap(path, entries, files);
        });
  }

  private static TensorMap.Entry entry(
      OnnxTensor tensor, TensorFile file, Map<String, TensorFile> external, OpenFiles files)
      throws IOException {
    if (!tensor.isExternal()) {
      return tensor.inside();
    }
    String location = tensor.location();
    if (!external.containsKey(location)) {
      if (external.size() == MOST_FILES) {
        throw file.damaged("it names more than %d files", MOST_FILES);
      }
      external.put(location, files.open(Companions.beside(file, location)));
    }
    return tensor.in(external.get(location));
  }

  /** The names of the external files. */
  static List<String> files(TensorFile file) throws IOException {
    List<String> names = new ArrayList<>();
    for (OnnxTensor tensor : initializers(file)) {
      if (tensor.isExternal()) {
        names.add(Companions.checked(file, tensor.location()));
      }
    }
    return names.stream().distinct().toList();
  }

  private static List<OnnxTensor> initializers(TensorFile file) throws IOException {
    List<OnnxTensor> tensors = new ArrayList<>();
    ProtoMessage model = file.message(file.map(0, file.size()));
    while (model.next()) {
      if (model.field() == MODEL_GRAPH) {
        ProtoMessage graph = model.message();
        while (graph.next()) {
          if (graph.field() == GRAPH_INITIALIZER) {
            tensors.add(OnnxTensor.of(file, graph.message()));
          }
        }
      }
    }
    return tensors;
  }
}
