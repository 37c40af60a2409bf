package org.graft.engine.keras;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.weights.KerasNames;
import org.graft.weights.Tensors;

/**
 * Weights that Keras wrote, under names that do not depend on its version; see {@link KerasNames}.
 * Reads whole models and weights in the legacy layout ({@code .h5}, Keras 1 to 3) and Keras 3's
 * {@code .weights.h5}. Kernels keep Keras' layout: convolutions are {@code
 * [height][width][in][out]}.
 */
public final class KerasH5File implements Tensors {
  /** A mapping costs more than reading this many bytes. */
  private static final long SMALL = 1 << 20;

  private final Path path;
  private final HdfFile hdf;
  private final Map<String, Dataset> datasets;

  private KerasH5File(Path path, HdfFile hdf, Map<String, Dataset> datasets) {
    this.path = path;
    this.hdf = hdf;
    this.datasets = datasets;
  }

  /**
   * Reads and checks the structure.
   *
   * @throws UserError if the file is not sound, or not written by Keras
   */
  public static KerasH5File open(Path path) throws IOException {
    return open(path, map(path, Files.size(path)), Map.of());
  }

  /**
   * @param path names the file in errors
   * @param bytes of the HDF5 file
   * @param layerNames as {@link KerasLayout#read} wants them
   */
  static KerasH5File open(Path path, ByteBuffer bytes, Map<String, String> layerNames) {
    int size = bytes.remaining();
    HdfFile hdf = guarded(path, () -> HdfFile.fromByteBuffer(bytes));
    try {
      return new KerasH5File(
          path, hdf, guarded(path, () -> KerasLayout.read(path, hdf, size, layerNames)));
    } catch (RuntimeException e) {
      hdf.close();
      throw e;
    }
  }

  /**
   * From a buffer the library takes slices, which can never pass the file's end; from a file it
   * would allocate whatever size a damaged file names.
   */
  private static ByteBuffer map(Path path, long size) throws IOException {
    if (size > Integer.MAX_VALUE) {
      throw new UserError(
          "Cannot read weights from %s: it has %d bytes (limit for HDF5: 2 GB). Use safetensors."
              .formatted(path, size));
    }
    if (size <= SMALL) {
      return ByteBuffer.wrap(Files.readAllBytes(path));
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
    }
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(datasets.keySet());
  }

  @Override
  public long[] shape(String name) {
    return IntStream.of(dataset(name).getDimensions()).asLongStream().toArray();
  }

  @Override
  public float[] read(String name) {
    return guarded(path, () -> floats(name, dataset(name).getDataFlat()));
  }

  private float[] floats(String name, Object data) {
    if (data instanceof float[] floats) {
      return floats;
    }
    if (data instanceof double[] doubles) {
      float[] floats = new float[doubles.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) doubles[i];
      }
      return floats;
    }
    if (data instanceof Number scalar) {
      return new float[] {scalar.floatValue()};
    }
    if (data instanceof int[] || data instanceof long[]) {
      float[] floats = new float[Array.getLength(data)];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = Array.getFloat(data, i);
      }
      return floats;
    }
    throw KerasLayout.unreadable(
        path, "'" + name + "' has elements of " + data.getClass().getComponentType());
  }

  private Dataset dataset(String name) {
    Dataset dataset = datasets.get(name);
    Checks.argument(dataset != null, "no tensor %s in %s", name, path);
    return dataset;
  }

  private interface Reading<T> {
    T read();
  }

  /** The library throws all kinds of exceptions at a damaged file. */
  private static <T> T guarded(Path path, Reading<T> reading) {
    try {
      return reading.read();
    } catch (UserError e) {
      throw e;
    } catch (RuntimeException e) {
      throw KerasLayout.damaged(path, e);
    }
  }

  @Override
  public void close() {
    hdf.close();
  }
}
