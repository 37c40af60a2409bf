package org.graft.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.weights.KerasNames.Candidate;

/**
 * A TensorFlow.js layers or graph model: {@code model.json}, whose {@code weightsManifest} says how
 * the tensors follow one another in the files beside it. Names of a layers model are those that the
 * Keras readers give. Source: {@code tfjs-core/src/io/io_utils.ts}, {@code decodeWeights}.
 */
public final class TfJsModel {
  static final String MANIFEST = "weightsManifest";

  private static final int MOST_SHARDS = 10_000;

  private final TensorFile file;
  private final OpenFiles files;
  private final Map<String, TensorMap.Entry> tensors = new LinkedHashMap<>();

  private TfJsModel(TensorFile file, OpenFiles files) {
    this.file = file;
    this.files = files;
  }

  /**
   * Reads the manifest and checks that the shards hold exactly what it says.
   *
   * @param path of {@code model.json}
   * @throws org.graft.common.UserError if a shard is missing or a file is not sound
   */
  public static Tensors open(Path path) throws IOException {
    return OpenFiles.with(files -> new TfJsModel(files.open(path), files).read());
  }

  private Tensors read() throws IOException {
    Map<String, Object> model = JsonIndex.read(file);
    for (Map<?, ?> group : groups(file, model)) {
      readGroup(group);
    }
    return new TensorMap(file.path(), isLayersModel(model) ? kerasNames() : tensors, files);
  }

  private void readGroup(Map<?, ?> group) throws IOException {
    List<TensorFile> shards = new ArrayList<>();
    for (String path : paths(file, group)) {
      shards.add(files.open(Companions.beside(file, path)));
    }
    FileChain bytes = new FileChain(shards);
    long offset = 0;
    for (Object item : JsonIndex.field(file, group, "weights", List.class)) {
      TfJsWeight weight = TfJsWeight.of(file, JsonIndex.as(file, item, "weights", Map.class));
      long length = weight.length(file, bytes, offset);
      if (weight.isNumeric()
          && tensors.put(weight.name(), weight.at(file, bytes, offset, length)) != null) {
        throw file.damaged("two weights have the name '%s'", weight.name());
      }
      offset += length;
    }
    if (offset != bytes.size()) {
      throw file.damaged(
          "its weights have %d bytes, the files %s have %d",
          offset, paths(file, group), bytes.size());
    }
  }

  private Map<String, TensorMap.Entry> kerasNames() {
    Map<Candidate, TensorMap.Entry> candidates = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> candidates.put(KerasNames.ofPath(name), tensor));
    return KerasNames.unambiguous(candidates, why -> file.damaged("%s", why));
  }

  /** The first files had no {@code format}. */
  private static boolean isLayersModel(Map<String, Object> model) {
    Object format = model.get("format");
    return format == null
        ? !(model.get("modelTopology") instanceof Map<?, ?> graph && graph.containsKey("node"))
        : format.equals("layers-model");
  }

  /** The shards' names, in order. */
  static List<String> files(TensorFile file) throws IOException {
    List<String> names = new ArrayList<>();
    for (Map<?, ?> group : groups(file, JsonIndex.read(file))) {
      names.addAll(paths(file, group));
    }
    return names.stream().distinct().toList();
  }

  private static List<Map<?, ?>> groups(TensorFile file, Map<String, Object> model) {
    List<Map<?, ?>> groups = new ArrayList<>();
    for (Object group : JsonIndex.field(file, model, MANIFEST, List.class)) {
      groups.add(JsonIndex.as(file, group, MANIFEST, Map.class));
    }
    return groups;
  }

  private static List<String> paths(TensorFile file, Map<?, ?> group) {
    List<String> paths = new ArrayList<>();
    for (Object path : JsonIndex.field(file, group, "paths", List.class)) {
      paths.add(Companions.checked(file, JsonIndex.as(file, path, "paths", String.class)));
    }
    if (paths.size() > MOST_SHARDS) {
      throw file.damaged("it names %d shards (limit: %d)", paths.size(), MOST_SHARDS);
    }
    return paths;
  }
}
