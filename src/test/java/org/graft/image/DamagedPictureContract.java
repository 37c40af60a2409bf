package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.graft.image.Preprocessing.Alpha;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What any decoder makes of bytes that are no whole picture. */
abstract class DamagedPictureContract {
  private final ImageDecoder decoder = decoder(1_000_000, Alpha.DROP);

  abstract ImageDecoder decoder(long maxPixels, Alpha alpha);

  private RejectedException rejection(byte[] content) {
    return assertThrows(RejectedException.class, () -> decoder.decode(content));
  }

  private void assertRejected(Reason reason, String message, byte[] content) {
    RejectedException rejection = rejection(content);
    assertEquals(message, rejection.getMessage());
    assertEquals(reason, rejection.reason());
  }

  @Test
  void nothingIsEmpty() {
    assertRejected(Reason.EMPTY, "file has no bytes", new byte[0]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Dear reader, this is a text|no picture: text that begins \"Dear reader, thi\"",
        "RIFF0000WEBPVP8 |WebP picture",
        "0000ftypheic0000|HEIC picture",
        "0000ftypavif0000|AVIF picture",
        "0000ftypisom0000|no picture: text that begins \"0000ftypisom0000\"",
        "MM\0*|TIFF picture",
        "<?xml version='1.0'?><svg/>|SVG picture",
        "\u00fe\u0002\u00ff|no picture: bytes that begin fe 02 ff",
      })
  void otherFormatsAreNamed(String content, String found) {
    assertRejected(
        Reason.UNSUPPORTED,
        found + " (known: JPEG, PNG, GIF, BMP)",
        content.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void declaredSizeIsHeldAgainstTheLimitUnseen() {
    byte[] png = Golden.bytes("rgb.png");
    ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    assertTimeoutPreemptively(
        Duration.ofSeconds(1),
        () ->
            assertRejected(
                Reason.TOO_MANY_PIXELS,
                "PNG declares 60000 x 60000 pixels"
                    + " (limit limits.pixels: 1000000, 100000 a side)",
                png));
  }

  @ParameterizedTest
  @CsvSource({"photo-420.jpg,133,200", "animated.gif,30,40", "rgb.bmp,31,41"})
  void everyFormatHasTheLimit(String name, int height, int width) {
    ImageDecoder strict = decoder((long) height * width - 1, Alpha.DROP);
    byte[] content = Golden.bytes(name);
    RejectedException rejection =
        assertThrows(RejectedException.class, () -> strict.decode(content));
    assertEquals(Reason.TOO_MANY_PIXELS, rejection.reason());
    assertTrue(
        rejection.getMessage().contains("declares " + width + " x " + height + " pixels (limit"),
        rejection.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "photo-420.jpg",
        "photo-progressive.jpg",
        "photo-restart.jpg",
        "photo-grey.jpg",
        "cmyk.jpg",
        "rgb.png",
        "interlaced.png",
        "palette-4bit.png",
        "animated.gif",
        "noise.gif",
        "rgb.bmp",
        "palette.bmp"
      })
  void whatIsCutShortIsTruncatedWhereverItIsCut(String name) {
    byte[] whole = Golden.bytes(name);
    for (int length = 26; length < whole.length; length += 1 + whole.length / 100) {
      RejectedException rejection = rejection(Arrays.copyOf(whole, length));
      String message = rejection.getMessage();
      assertEquals(Reason.TRUNCATED, rejection.reason(), length + " bytes: " + message);
      assertTrue(message.contains("before its picture is complete"), message);
    }
    assertEquals(Reason.TRUNCATED, rejection(Arrays.copyOf(whole, whole.length - 1)).reason());
  }

  /** What a broken download manager leaves: half of the pixels and a proper end. */
  @Test
  void jpegWithHalfItsPixelsAndAnEndIsTruncated() {
    byte[] half = Arrays.copyOf(Golden.bytes("photo-420.jpg"), 5_000);
    half[4_998] = (byte) 0xff;
    half[4_999] = (byte) 0xd9;
    assertRejected(
        Reason.TRUNCATED,
        "JPEG is damaged: Corrupt JPEG data: premature end of data segment",
        half);
  }

  @Test
  void jpegWithJunkAroundItIsTaken() throws RejectedException {
    byte[] plain = Golden.bytes("drawing-odd.jpg");
    RgbImage expected = decoder.decode(plain);
    byte[] trailing = Arrays.copyOf(plain, plain.length + 100);
    assertEquals(expected, decoder.decode(trailing));
    byte[] beforeTheEnd = Arrays.copyOf(plain, plain.length + 3);
    beforeTheEnd[plain.length - 2] = 1;
    beforeTheEnd[plain.length - 1] = 2;
    beforeTheEnd[plain.length + 1] = (byte) 0xff;
    beforeTheEnd[plain.length + 2] = (byte) 0xd9;
    assertEquals(expected, decoder.decode(beforeTheEnd));
  }

  @Test
  void pngWithAFlippedBitIsCorrupt() {
    byte[] png = Golden.bytes("rgb.png");
    png[png.length / 2] ^= 4;
    assertRejected(Reason.CORRUPT, "PNG has a chunk with a wrong checksum", png);
  }

  @Test
  void runLengthEncodedBmpIsUnsupported() {
    byte[] bmp = Golden.bytes("palette.bmp");
    bmp[30] = 1;
    assertRejected(
        Reason.UNSUPPORTED, "BMP of 8 bits and compression 1 (known: uncompressed)", bmp);
  }

  @Test
  void arithmeticCodedJpegIsUnsupported() {
    byte[] jpeg = Golden.bytes("drawing-odd.jpg");
    for (int i = 0; i < jpeg.length - 1; i++) {
      if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc0) {
        jpeg[i + 1] = (byte) 0xc9;
      }
    }
    assertRejected(
        Reason.UNSUPPORTED,
        "JPEG of process 0xc9 with 3 channels of 8 bits (known: Huffman coded, 1, 3 or 4 channels"
            + " of 8)",
        jpeg);
  }

  /** Whatever the bytes, the outcome is a picture within the limit or a rejection. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "drawing-odd.jpg", "exif-6.jpg", "photo-progressive.jpg", "photo-restart.jpg", "ycck.jpg",
        "profile.jpg", "rgb.png", "palette-clear.png", "interlaced-3x2.png", "animated.gif",
        "interlaced.gif", "palette.bmp", "packed-565-topdown.bmp"
      })
  void noBytesEscape(String name) {
    byte[] whole = Golden.bytes(name);
    SplittableRandom random = new SplittableRandom(name.hashCode());
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int i = 0; i < 400; i++) {
            outcome(mutated(whole, random));
          }
        });
  }

  private void outcome(byte[] content) {
    try {
      RgbImage image = decoder.decode(content);
      assertTrue((long) image.width() * image.height() <= 1_000_000);
    } catch (RejectedException e) {
      assertTrue(e.getMessage().length() < 300, e.getMessage());
    }
  }

  /** Mostly the header is hit: there is the structure. PNG chunks get their checksums mended. */
  private static byte[] mutated(byte[] whole, SplittableRandom random) {
    byte[] content = whole.clone();
    int hits = 1 + random.nextInt(4);
    for (int i = 0; i < hits; i++) {
      int reach = random.nextBoolean() ? content.length : Math.min(content.length, 400);
      int value = random.nextInt(3) == 0 ? -random.nextInt(2) : random.nextInt(256);
      content[random.nextInt(2, reach)] = (byte) value;
    }
    if (random.nextInt(4) == 0) {
      content = Arrays.copyOf(content, random.nextInt(1, content.length));
    }
    if (content.length > 8 && content[1] == 'P') {
      mendChecksums(content);
    }
    return content;
  }

  private static void mendChecksums(byte[] png) {
    ByteBuffer buffer = ByteBuffer.wrap(png);
    for (int at = 8; at + 12 <= png.length; ) {
      int length = buffer.getInt(at);
      if (length < 0 || length > png.length - at - 12) {
        return;
      }
      CRC32 crc = new CRC32();
      crc.update(png, at + 4, length + 4);
      buffer.putInt(at + 8 + length, (int) crc.getValue());
      at += 12 + length;
    }
  }
}
