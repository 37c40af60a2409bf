package org.graft.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * What stands before a JPEG's pixels (ITU T.81 annex B). ImageIO gets to see only {@link
 * #stripped}, the segments that decode pixels: colour profiles, thumbnails and metadata, over which
 * it stumbles, stay here.
 */
final class JpegHeader {
  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int DHT = 0xc4;
  private static final int DQT = 0xdb;
  private static final int DRI = 0xdd;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;

  /** libjpeg-turbo's advice; each scan may cost a pass over the whole picture. */
  private static final int MAX_SCANS = 500;

  private final ByteCursor cursor;
  private final PixelLimit limit;
  private final ByteArrayOutputStream kept;

  private int width;
  private int height;
  private byte[] componentIds;
  private boolean jfif;
  private int adobeTransform = -1;
  private int orientation = 1;

  private JpegHeader(byte[] content, PixelLimit limit) {
    this.cursor = new ByteCursor("JPEG", content, 2);
    this.limit = limit;
    this.kept = new ByteArrayOutputStream(content.length);
    keep(0, 2);
  }

  static JpegHeader of(byte[] content, PixelLimit limit) throws RejectedException {
    JpegHeader header = new JpegHeader(content, limit);
    boolean pixelsFollow = false;
    while (!pixelsFollow) {
      pixelsFollow = header.readSegment();
    }
    header.keepScans();
    return header;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int components() {
    return componentIds.length;
  }

  /** As Exif has it: 1 is upright, up to 8. */
  int orientation() {
    return orientation;
  }

  /** The file without what does not shape pixels. */
  byte[] stripped() {
    return kept.toByteArray();
  }

  /** Whether the first three channels are luma and chroma: the rules of libjpeg's jdapimin.c. */
  boolean isYcc() {
    if (components() == 4) {
      return adobeTransform > 0;
    }
    if (jfif || adobeTransform >= 0) {
      return jfif || adobeTransform != 0;
    }
    return !new String(componentIds, StandardCharsets.ISO_8859_1).equals("RGB");
  }

  /** Whether libjpeg finds the colour space without the markers that were stripped. */
  boolean tellsColours() {
    boolean named = new String(componentIds, StandardCharsets.ISO_8859_1).equals("RGB");
    return components() == 1 || (components() == 3 && isYcc() != named);
  }

  /** Returns whether pixels follow. */
  private boolean readSegment() throws RejectedException {
    int marker = nextMarker();
    if (marker == SOI || marker == 0x01 || (marker >= 0xd0 && marker < SOI)) {
      return false; // these have no length
    }
    require(marker != EOI, "has no picture in it");
    int start = cursor.position();
    int length = cursor.u16be();
    int body = cursor.advance(length - 2L);
    if (isFrame(marker)) {
      readFrame(marker, new ByteCursor("JPEG", cursor.bytes(), body));
    }
    switch (marker) {
      case DQT, DHT, DRI, SOS -> keepSegment(marker, start, length);
      case APP0 -> jfif |= length >= 16 && begins(body, "JFIF\0");
      case APP1 -> orientation = ExifOrientation.of(cursor.bytes(), body, length - 2, orientation);
      case APP14 -> readAdobe(body, length - 2);
      default -> {}
    }
    return marker == SOS;
  }

  /** Steps over anything between segments, as libjpeg does. */
  private int nextMarker() throws RejectedException {
    int marker = 0;
    while (marker == 0) {
      do {
        marker = cursor.u8();
      } while (marker != 0xff);
      while (marker == 0xff) {
        marker = cursor.u8();
      }
    }
    return marker;
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != DHT && marker != 0xc8 && marker != 0xcc;
  }

  private void readFrame(int marker, ByteCursor frame) throws RejectedException {
    require(componentIds == null, "has two frames");
    int start = frame.position();
    int precision = frame.u8();
    height = frame.u16be();
    width = frame.u16be();
    int components = frame.u8();
    boolean known = marker <= 0xc2 && precision == 8;
    if (!known || (components != 1 && components != 3 && components != 4)) {
      throw new RejectedException(
          Reason.UNSUPPORTED,
          String.format("JPEG of process 0x%02x with %d channels", marker, components)
              + (" of " + precision + " bits (known: Huffman coded, 1, 3 or 4 channels of 8)"));
    }
    componentIds = new byte[components];
    for (int c = 0; c < components; c++) {
      componentIds[c] = (byte) frame.u8();
      frame.advance(2);
    }
    limit.check("JPEG", width, height);
    keepSegment(marker, start - 2, 8 + 3 * components);
  }

  private void readAdobe(int body, int length) {
    if (length >= 12 && begins(body, "Adobe")) {
      adobeTransform = cursor.bytes()[body + 11] & 0xff;
    }
  }

  private boolean begins(int body, String text) {
    byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < expected.length; i++) {
      if (cursor.bytes()[body + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private void keepScans() throws RejectedException {
    require(componentIds != null, "has pixels before its header");
    byte[] bytes = cursor.bytes();
    int scans = 1;
    for (int i = cursor.position(); i + 1 < bytes.length; i++) {
      if (bytes[i] == (byte) 0xff && bytes[i + 1] == (byte) SOS) {
        scans++;
      }
    }
    require(scans <= MAX_SCANS, "has " + scans + " scans (limit " + MAX_SCANS + ")");
    keep(cursor.position(), cursor.remaining());
  }

  private void keepSegment(int marker, int start, int length) {
    kept.write(0xff);
    kept.write(marker);
    keep(start, length);
  }

  private void keep(int start, int length) {
    kept.write(cursor.bytes(), start, length);
  }

  private static void require(boolean holds, String fault) throws RejectedException {
    if (!holds) {
      throw new RejectedException(Reason.CORRUPT, "JPEG " + fault);
    }
  }
}
