package org.graft.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/** Weights in a temporary folder, which goes when they are closed. */
record UnpackedTensors(Tensors tensors, OpenFiles files) implements Tensors {

  /** Fills a temporary folder. */
  interface Unpacking {
    /**
     * @return what was found in the folder
     */
    Tensors unpack(TensorFile archive, Path folder) throws IOException;
  }

  static Tensors of(Path path, Unpacking unpacking) throws IOException {
    return OpenFiles.with(
        files -> {
          TensorFile archive = files.open(path);
          Path folder = Files.createTempDirectory("graft");
          files.add(() -> delete(folder));
          return new UnpackedTensors(files.add(unpacking.unpack(archive, folder)), files);
        });
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public Set<String> names() {
    return tensors.names();
  }

  @Override
  public long[] shape(String name) {
    return tensors.shape(name);
  }

  @Override
  public float[] read(String name) throws IOException {
    return tensors.read(name);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
