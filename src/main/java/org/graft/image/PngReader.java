package org.graft.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.graft.image.Preprocessing.Alpha;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * Portable Network Graphics (W3C, second edition): all colour types and depths, interlaced or not;
 * 16-bit samples by their high byte; of an animated file the default picture.
 */
final class PngReader {
  private final PixelLimit limit;
  private final Alpha alpha;

  private PngHeader header;
  private byte[] palette = new byte[0];
  private byte[] transparency;
  private final PngData data = new PngData();

  PngReader(PixelLimit limit, Alpha alpha) {
    this.limit = limit;
    this.alpha = alpha;
  }

  RgbImage read(byte[] content) throws RejectedException {
    ByteCursor cursor = new ByteCursor("PNG", content, 8);
    boolean ended = false;
    while (!ended) {
      ended = readChunk(cursor);
    }
    require(header != null, "has no header");
    require(header.colour() != PngHeader.PALETTE || palette.length > 0, "has no palette");
    Pixels pixels = new Pixels(header.width(), header.height(), alpha);
    try (PngRows rows = new PngRows(header, data)) {
      rows.forEach(new PngPainter(header, palette, transparency, pixels));
    }
    return pixels.image();
  }

  /** Returns whether it was the last one. */
  private boolean readChunk(ByteCursor cursor) throws RejectedException {
    long length = cursor.u32be();
    int start = cursor.advance(4 + length);
    String type = new String(cursor.bytes(), start, 4, StandardCharsets.ISO_8859_1);
    long declared = cursor.u32be();
    ByteBuffer body = ByteBuffer.wrap(cursor.bytes(), start + 4, (int) length).slice();
    switch (type) {
      case "IHDR" -> {
        checkSum(cursor.bytes(), start, length, declared);
        require(header == null, "has two headers");
        header = PngHeader.of(body, limit);
      }
      case "PLTE" -> {
        checkSum(cursor.bytes(), start, length, declared);
        palette = bytes(body);
      }
      case "tRNS" -> {
        checkSum(cursor.bytes(), start, length, declared);
        transparency = bytes(body);
      }
      case "IDAT" -> {
        checkSum(cursor.bytes(), start, length, declared);
        data.add(body);
      }
      default -> {
        boolean ancillary = Character.isLowerCase(type.charAt(0));
        require(ancillary || type.equals("IEND"), "has an unknown critical chunk");
      }
    }
    require(header != null, "does not begin with its header");
    return type.equals("IEND");
  }

  private static byte[] bytes(ByteBuffer body) {
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    return bytes;
  }

  private static void checkSum(byte[] bytes, int start, long length, long declared)
      throws RejectedException {
    CRC32 crc = new CRC32();
    crc.update(bytes, start, (int) length + 4);
    require(crc.getValue() == declared, "has a chunk with a wrong checksum");
  }

  static void require(boolean holds, String fault) throws RejectedException {
    if (!holds) {
      throw new RejectedException(Reason.CORRUPT, "PNG " + fault);
    }
  }
}
