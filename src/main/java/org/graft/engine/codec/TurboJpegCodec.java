package org.graft.engine.codec;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.graft.image.JpegCodec;

/**
 * JPEG by libjpeg-turbo: the accurate inverse transform and smooth upsampling, as Pillow has it, in
 * SIMD. It keeps no memory between pictures.
 */
public final class TurboJpegCodec implements JpegCodec {

  /**
   * @throws UncheckedIOException where there is no library for this platform
   */
  public TurboJpegCodec() {
    try {
      TurboJpeg.load();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<byte[]> decode(byte[] jpeg, int width, int height, int denominator) {
    int columns = ceilDiv(width, denominator);
    int rows = ceilDiv(height, denominator);
    byte[] rgb = new byte[Math.multiplyExact(3 * columns, rows)];
    Pointer in = null;
    Pointer out = null;
    try {
      in = TurboJpeg.tjAlloc(jpeg.length);
      out = TurboJpeg.tjAlloc(rgb.length);
      if (in == null || out == null || !decode(jpeg, in, out, columns, rows)) {
        return Optional.empty();
      }
      out.read(0, rgb, 0, rgb.length);
      return Optional.of(rgb);
    } finally {
      TurboJpeg.tjFree(out);
      TurboJpeg.tjFree(in);
    }
  }

  private static boolean decode(byte[] jpeg, Pointer in, Pointer out, int columns, int rows) {
    Pointer handle = TurboJpeg.tjInitDecompress();
    if (handle == null) {
      return false;
    }
    try {
      in.write(0, jpeg, 0, jpeg.length);
      int flags = TurboJpeg.STOP_ON_WARNING;
      int pitch = 3 * columns;
      return TurboJpeg.tjDecompress2(
              handle, in, jpeg.length, out, columns, pitch, rows, TurboJpeg.RGB, flags)
          == 0;
    } finally {
      TurboJpeg.tjDestroy(handle);
    }
  }

  private static int ceilDiv(int length, int denominator) {
    return (length + denominator - 1) / denominator;
  }

  @Override
  public String name() {
    return "libjpeg-turbo-2.0.5";
  }
}
