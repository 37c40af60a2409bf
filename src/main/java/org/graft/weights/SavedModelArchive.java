package org.graft.weights;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A SavedModel as {@code tfhub.dev} serves it: a {@code .tar.gz} of the folder. The graph and the
 * variables, and nothing else, are unpacked into a temporary folder; entries with any other name
 * are passed over.
 */
public final class SavedModelArchive {
  private static final int CHUNK = 1 << 16;
  private static final long ALWAYS_ALLOWED = 1 << 20;

  /** Trained weights hardly shrink at all; a bomb grows a thousandfold. */
  private static final long MOST_GROWTH = 100;

  private static final Pattern WANTED =
      Pattern.compile(
          "(\\./)?(saved_model\\.pb|variables/variables\\.(index|data-\\d{5}-of-\\d{5}))");

  private final TensorFile file;
  private final Path folder;

  private SavedModelArchive(TensorFile file, Path folder) {
    this.file = file;
    this.folder = folder;
  }

  /**
   * Unpacks and opens it; the temporary folder goes when it is closed.
   *
   * @throws org.graft.common.UserError if it is not sound or no SavedModel
   */
  public static Tensors open(Path path) throws IOException {
    return OpenFiles.with(
        files -> {
          TensorFile file = files.open(path);
          Path folder = Files.createTempDirectory("graft");
          files.add(() -> delete(folder));
          Files.createDirectory(folder.resolve(SavedModel.VARIABLES));
          new SavedModelArchive(file, folder).unpack();
          return new Unpacked(files.add(SavedModel.open(folder)), files);
        });
  }

  private record Unpacked(Tensors tensors, OpenFiles files) implements Tensors {
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

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void unpack() throws IOException {
    try (InputStream in =
        new BufferedInputStream(
            new Bounded(new GZIPInputStream(Files.newInputStream(file.path()))))) {
      for (TarEntry entry = next(in); entry != null; entry = next(in)) {
        String name = entry.name();
        if (entry.isFile() && WANTED.matcher(name).matches()) {
          write(in, entry, folder.resolve(name.startsWith("./") ? name.substring(2) : name));
        } else {
          in.skipNBytes(entry.length());
        }
        in.skipNBytes(entry.padding());
      }
    } catch (EOFException | ZipException e) {
      throw file.damaged("it ends early or cannot be unpacked");
    }
    if (!Files.exists(folder.resolve(SavedModel.GRAPH))) {
      throw file.unsupported(
          "it holds no " + SavedModel.GRAPH, "Give a SavedModel, packed from its own folder.");
    }
  }

  private void write(InputStream in, TarEntry entry, Path target) throws IOException {
    if (Files.exists(target)) {
      throw file.damaged("it has two entries '%s'", entry.name());
    }
    byte[] chunk = new byte[(int) Math.min(CHUNK, entry.length())];
    try (OutputStream out = Files.newOutputStream(target)) {
      for (long left = entry.length(); left > 0; ) {
        int now = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, left));
        if (now == 0) {
          throw new EOFException();
        }
        out.write(chunk, 0, now);
        left -= now;
      }
    }
  }

  /** The next entry's header; null at the end, which is a block of zeros. */
  private TarEntry next(InputStream in) throws IOException {
    byte[] block = in.readNBytes(TarEntry.BLOCK);
    if (block.length == 0) {
      return null;
    }
    return block.length < TarEntry.BLOCK ? null : TarEntry.of(file, block);
  }

  /** Stops a bomb, wherever its zeros are. */
  private final class Bounded extends FilterInputStream {
    private final long limit = Math.max(ALWAYS_ALLOWED, MOST_GROWTH * file.size());
    private long done;

    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int now = super.read(into, offset, length);
      done += Math.max(0, now);
      if (done > limit) {
        throw file.damaged(
            "it would grow from %d to more than %d bytes (limit: %d-fold)",
            file.size(), limit, MOST_GROWTH);
      }
      return now;
    }

    @Override
    public long skip(long count) throws IOException {
      return Math.max(0, read(new byte[(int) Math.min(count, CHUNK)]));
    }
  }
}
