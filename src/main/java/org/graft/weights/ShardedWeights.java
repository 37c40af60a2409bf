package org.graft.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights that Hugging Face's libraries spread over files: {@code model.safetensors.index.json} or
 * {@code pytorch_model.bin.index.json}, whose {@code weight_map} gives each tensor's file. Tensors
 * that the map does not name are left alone.
 */
public final class ShardedWeights {
  static final String MAP = "weight_map";

  private static final int MOST_SHARDS = 1000;

  private ShardedWeights() {}

  /**
   * Opens every shard and checks that it has what the map says.
   *
   * @throws org.graft.common.UserError if a shard or a tensor is missing, or a file is not sound
   */
  public static Tensors open(Path index) throws IOException {
    return OpenFiles.with(
        files -> {
          TensorFile file = files.open(index);
          Map<String, String> map = map(file);
          Map<String, Tensors> shards = new LinkedHashMap<>();
          for (String name : files(file, map)) {
            shards.put(name, files.add(shard(file, Companions.beside(file, name))));
          }
          Map<String, TensorMap.Entry> entries = new LinkedHashMap<>();
          map.forEach((name, shard) -> entries.put(name, entry(file, name, shard, shards)));
          return new TensorMap(index, entries, files);
        });
  }

  private record Sharded(Tensors shard, String name) implements TensorMap.Entry {
    @Override
    public Shape shape() {
      return Shape.of(shard.shape(name));
    }

    @Override
    public float[] read() throws IOException {
      return shard.read(name);
    }
  }

  private static Tensors shard(TensorFile index, Path path) throws IOException {
    return switch (WeightFormat.of(path)) {
      case SAFETENSORS -> SafetensorsFile.open(path);
      case TORCH -> TorchCheckpoint.open(path);
      default ->
          throw index.unsupported(
              "its shard " + path.getFileName() + " is neither safetensors nor a state dict",
              "Fetch the shards that belong to this index.");
    };
  }

  private static Sharded entry(
      TensorFile file, String name, String shard, Map<String, Tensors> shards) {
    if (shards.get(shard).names().contains(name)) {
      return new Sharded(shards.get(shard), name);
    }
    String actual =
        shards.entrySet().stream()
            .filter(other -> other.getValue().names().contains(name))
            .map(other -> "it is in '" + other.getKey() + "'")
            .findFirst()
            .orElse("no shard has it");
    throw file.damaged("tensor '%s' is not in '%s' (%s)", name, shard, actual);
  }

  /** The shards' names, in the map's order. */
  static List<String> files(TensorFile file) throws IOException {
    return files(file, map(file));
  }

  private static List<String> files(TensorFile file, Map<String, String> map) {
    List<String> files =
        map.values().stream().distinct().map(name -> Companions.checked(file, name)).toList();
    if (files.size() > MOST_SHARDS) {
      throw file.damaged("it names %d shards (limit: %d)", files.size(), MOST_SHARDS);
    }
    return files;
  }

  /** The shard's name by the tensor's. */
  private static Map<String, String> map(TensorFile file) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    Map<?, ?> shards = JsonIndex.field(file, JsonIndex.read(file), MAP, Map.class);
    shards.forEach(
        (name, shard) ->
            map.put((String) name, JsonIndex.as(file, shard, (String) name, String.class)));
    if (map.isEmpty()) {
      throw file.damaged("its %s is empty", MAP);
    }
    return map;
  }
}
