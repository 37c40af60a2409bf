package org.graft.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** What src/test/golden/image/generate.py wrote. */
final class Golden {
  static final String[] JPEGS = {
    "photo-420.jpg",
    "photo-444.jpg",
    "photo-422.jpg",
    "photo-progressive.jpg",
    "photo-grey.jpg",
    "photo-restart.jpg",
    "drawing-odd.jpg",
    "no-jfif.jpg",
    "rgb-coded.jpg",
    "profile.jpg",
    "profile-grey.jpg",
    "cmyk.jpg",
    "ycck.jpg",
    "exif-1.jpg",
    "exif-2.jpg",
    "exif-3.jpg",
    "exif-4.jpg",
    "exif-5.jpg",
    "exif-6.jpg",
    "exif-7.jpg",
    "exif-8.jpg"
  };

  private Golden() {}

  static byte[] bytes(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/image/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fields of each line but the first. */
  static Stream<String[]> rows(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8)
        .lines()
        .skip(1)
        .map(line -> line.split(",", -1));
  }

  static float[] floats(String name) {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(name)).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }
}
