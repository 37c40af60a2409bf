package org.graft.engine.codec;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graft.common.Digest;

/**
 * The functions of libjpeg-turbo's TurboJPEG API (turbojpeg.h, 2.0) that decode. Handles are
 * addresses; a C {@code long} is one of Java's on the platforms that the library is there for.
 */
final class TurboJpeg {
  /** Built of libjpeg-turbo 2.0.5 for x86-64 Linux, with glibc 2.14 as its only need. */
  private static final String LIBRARY = "libturbojpeg.so";

  private static final String SHA256 =
      "ad5b1f2e241e886a29c49e7c7b37d937e89a74ea108fc3eef7f52436538a2a7c";

  /** Red, green, blue, a byte each. */
  static final int RGB = 0;

  /** Since 2.0: damage ends the decoding, instead of a picture with grey in it. */
  static final int STOP_ON_WARNING = 8192;

  private TurboJpeg() {}

  static native Pointer tjInitDecompress();

  /** Returns 0, or -1 for an error and for a warning. Scales to fit {@code width x height}. */
  static native int tjDecompress2(
      Pointer handle,
      Pointer jpeg,
      long jpegBytes,
      Pointer pixels,
      int width,
      int pitch,
      int height,
      int pixelFormat,
      int flags);

  static native int tjDestroy(Pointer handle);

  /** Returns null where there is no memory. */
  static native Pointer tjAlloc(int bytes);

  static native void tjFree(Pointer memory);

  /**
   * Binds the functions above.
   *
   * @throws IOException where this platform or this disk does not let it
   */
  static void load() throws IOException {
    byte[] library = library();
    Path file = Files.createTempFile("graft-", "-" + LIBRARY);
    try {
      Files.write(file, library);
      Native.register(TurboJpeg.class, NativeLibrary.getInstance(file.toString()));
    } finally {
      Files.delete(file); // the process keeps what it has mapped
    }
  }

  private static byte[] library() throws IOException {
    try (InputStream in = TurboJpeg.class.getResourceAsStream("/" + LIBRARY)) {
      if (in == null) {
        throw new IOException("no " + LIBRARY + " on the class path: it is for x86-64 Linux");
      }
      byte[] library = in.readAllBytes();
      String digest = Digest.of(library);
      if (!digest.equals(SHA256)) {
        throw new IOException(LIBRARY + " is not the one that was tested: SHA-256 " + digest);
      }
      return library;
    }
  }
}
