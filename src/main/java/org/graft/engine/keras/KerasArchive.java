package org.graft.engine.keras;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.graft.common.Json;
import org.graft.weights.Tensors;
import org.graft.weights.WeightArchive;

/**
 * A model in Keras' {@code .keras} format: a zip file with {@code model.weights.h5}, and the
 * network in {@code config.json}, of which only the layers' names are used.
 */
public final class KerasArchive implements Tensors {
  private static final String WEIGHTS = "model.weights.h5";
  private static final String CONFIG = "config.json";

  /** The largest of Keras' own models have 1 MB. */
  private static final long LONGEST_CONFIG = 16 << 20;

  private final WeightArchive archive;
  private final KerasH5File weights;

  private KerasArchive(WeightArchive archive, KerasH5File weights) {
    this.archive = archive;
    this.weights = weights;
  }

  /**
   * Reads and checks the structure.
   *
   * @throws org.graft.common.UserError if the file is not sound, or not written by Keras
   */
  public static KerasArchive open(Path path) throws IOException {
    WeightArchive archive = WeightArchive.open(path);
    try {
      ByteBuffer hdf = archive.bytes(WEIGHTS, Integer.MAX_VALUE);
      return new KerasArchive(archive, KerasH5File.open(path, hdf, layerNames(path, archive)));
    } catch (RuntimeException | IOException e) {
      archive.close();
      throw e;
    }
  }

  private static Map<String, String> layerNames(Path path, WeightArchive archive)
      throws IOException {
    if (!archive.names().contains(CONFIG)) {
      return Map.of();
    }
    ByteBuffer bytes = archive.bytes(CONFIG, LONGEST_CONFIG);
    byte[] json = new byte[bytes.remaining()];
    bytes.get(json);
    return KerasConfig.layerNames(Json.readMap(json, CONFIG + " in " + path));
  }

  @Override
  public Set<String> names() {
    return weights.names();
  }

  @Override
  public long[] shape(String name) {
    return weights.shape(name);
  }

  @Override
  public float[] read(String name) {
    return weights.read(name);
  }

  @Override
  public void close() throws IOException {
    weights.close();
    archive.close();
  }
}
