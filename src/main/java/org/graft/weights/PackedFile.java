package org.graft.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** One weight file packed by gzip: unpacked into a temporary folder while it is open. */
public final class PackedFile {
  private PackedFile() {}

  /** A reader of the unpacked file's format. */
  public interface Reader {
    Tensors open(Path unpacked) throws IOException;
  }

  /**
   * @throws org.graft.common.UserError if it is not sound, or grows a hundredfold
   */
  public static Tensors open(Path path, Reader reader) throws IOException {
    return UnpackedTensors.of(
        path,
        (archive, folder) -> {
          Path unpacked = folder.resolve("unpacked");
          try (InputStream in = GrowthLimit.open(archive)) {
            Files.copy(in, unpacked);
          } catch (EOFException | ZipException e) {
            throw archive.damaged("it ends early or cannot be unpacked");
          }
          return reader.open(unpacked);
        });
  }

  /** The first bytes of what is packed; fewer where there are none or the file is damaged. */
  static byte[] head(TensorFile file, int length) throws IOException {
    try (InputStream in = GrowthLimit.open(file)) {
      return in.readNBytes(length);
    } catch (EOFException | ZipException e) {
      return new byte[0];
    }
  }
}
