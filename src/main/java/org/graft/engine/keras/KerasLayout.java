package org.graft.engine.keras;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.object.message.DataLayout;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.graft.common.UserError;
import org.graft.weights.KerasNames;
import org.graft.weights.KerasNames.Candidate;

/** Where Keras puts its weights in an HDF5 file, in each of its two layouts. */
final class KerasLayout {
  private static final int DEEPEST = 32;
  private static final int MOST_WEIGHTS = 100_000;

  private final Path path;
  private final long fileSize;
  private final Map<String, String> layerNames;
  private final Map<Candidate, Dataset> found = new LinkedHashMap<>();

  /** Groups by their place in the file: a hostile one may be in itself, a thousandfold. */
  private final Set<Long> met = new HashSet<>();

  private KerasLayout(Path path, long fileSize, Map<String, String> layerNames) {
    this.path = path;
    this.fileSize = fileSize;
    this.layerNames = layerNames;
  }

  /**
   * @param layerNames by the path of the layer's group, for files that do not tell them; see {@link
   *     KerasConfig}
   */
  static Map<String, Dataset> read(
      Path path, HdfFile hdf, long fileSize, Map<String, String> layerNames) {
    KerasLayout layout = new KerasLayout(path, fileSize, layerNames);
    Group root = child(hdf, "model_weights") instanceof Group weights ? weights : hdf;
    if (!names(root, "layer_names").isEmpty()) {
      layout.readLegacy(root);
    } else if (child(root, "layers") instanceof Group layers) {
      layout.readLayers(layers, 0);
    } else {
      throw unreadable(path, "it has neither the attribute 'layer_names' nor a group 'layers'");
    }
    return KerasNames.unambiguous(layout.found, why -> unreadable(path, why));
  }

  /** Legacy: each layer is a group whose attribute {@code weight_names} has paths below it. */
  private void readLegacy(Group root) {
    for (String layer : names(root, "layer_names")) {
      if (!(descend(root, layer) instanceof Group group)) { // YAMNet's names have slashes
        throw unreadable(path, "its layer '" + layer + "' is missing");
      }
      List<String> weightNames = names(group, "weight_names");
      List<Candidate> candidates = KerasNames.inLayer(layer, weightNames);
      for (int i = 0; i < candidates.size(); i++) {
        add(candidates.get(i), descend(group, weightNames.get(i)));
      }
    }
  }

  private static Node descend(Group group, String name) {
    Node node = group;
    for (String part : name.split("/", -1)) {
      node = node instanceof Group parent ? child(parent, part) : null;
    }
    return node;
  }

  /** Keras 3: a layer's group is named after its class; its {@code vars} know the layer's name. */
  private void readLayers(Group layers, int depth) {
    if (depth > DEEPEST) {
      throw unreadable(path, "its groups are nested more than " + DEEPEST + " deep");
    }
    for (Node node : layers) {
      if (node instanceof Group layer && !node.isLink()) {
        if (!met.add(layer.getAddress())) {
          throw unreadable(path, "its group '" + layer.getName() + "' is in two places");
        }
        if (child(layer, "vars") instanceof Group vars) {
          readVariables(layer, vars);
        }
        readLayers(layer, depth + 1);
      }
    }
  }

  private void readVariables(Group layer, Group vars) {
    String kind = layer.getName();
    int count = vars.getChildren().size();
    if (count == 0 || kind.equals("vars")) {
      return;
    }
    String name = layerName(layer, vars);
    for (int i = 0; i < count; i++) {
      String variable = KerasNames.variable(kind, i, count);
      Node dataset = child(vars, Integer.toString(i));
      add(new Candidate(name + "/" + variable, vars.getPath() + i), dataset);
    }
  }

  private String layerName(Group layer, Group vars) {
    List<String> own = names(vars, "name");
    String path = layer.getPath();
    String given = layerNames.get(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    if (own.size() != 1 && given == null) {
      throw new UserError(
          ("Cannot read weights from %s: this older Keras 3 file does not name its layers. "
                  + "Load it with Keras and save it again, as .keras, .h5 or with a newer Keras.")
              .formatted(this.path));
    }
    return own.size() == 1 ? own.get(0) : given;
  }

  private void add(Candidate candidate, Node node) {
    if (!(node instanceof Dataset dataset)) {
      throw unreadable(path, "its weight '" + candidate.fallback() + "' is missing");
    }
    DataLayout layout = dataset.getDataLayout();
    if (layout == DataLayout.CHUNKED || !fits(dataset)) {
      throw unreadable(
          path,
          "its weight '%s' is chunked, compressed or larger than the file"
              .formatted(candidate.fallback()));
    }
    if (found.size() >= MOST_WEIGHTS || found.put(candidate, dataset) != null) {
      throw unreadable(path, "it has too many or repeated weights");
    }
  }

  private boolean fits(Dataset dataset) {
    long bytes = dataset.getDataType().getSize();
    for (int dimension : dataset.getDimensions()) {
      if (dimension < 0 || (dimension > 0 && bytes > fileSize / dimension)) {
        return false;
      }
      bytes *= dimension;
    }
    return true;
  }

  /** The child, unless it is a link, which might lead out of the file. */
  private static Node child(Group group, String name) {
    Node child = group.getChildren().get(name);
    return child == null || child.isLink() ? null : child;
  }

  /** A list of strings; Keras splits long ones over numbered attributes. */
  private static List<String> names(Group group, String name) {
    List<String> names = new ArrayList<>(strings(group.getAttributes().get(name)));
    for (int part = 0; group.getAttributes().containsKey(name + part); part++) {
      names.addAll(strings(group.getAttributes().get(name + part)));
    }
    return names;
  }

  private static List<String> strings(Attribute attribute) {
    List<String> strings = new ArrayList<>();
    if (attribute == null
        || attribute.isEmpty()
        || attribute.getSize() <= 0
        || attribute.getSize() > MOST_WEIGHTS
        || attribute.getDimensions().length > 1) {
      return strings;
    }
    Object data = attribute.getData();
    if (data instanceof String text) {
      return List.of(text);
    }
    for (int i = 0; data.getClass().isArray() && i < Array.getLength(data); i++) {
      strings.add(String.valueOf(Array.get(data, i)));
    }
    return strings;
  }

  static UserError unreadable(Path path, String why) {
    return new UserError(
        ("Cannot read weights from %s: %s. "
                + "Give a file that Keras wrote with model.save or model.save_weights.")
            .formatted(path, why));
  }

  static UserError damaged(Path path, RuntimeException cause) {
    return new UserError(
        "Cannot read weights from %s: its HDF5 structure is broken (%s). Fetch or write it again."
            .formatted(path, cause),
        cause);
  }
}
