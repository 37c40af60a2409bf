package org.graft.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.graft.common.Digest;
import org.graft.image.ImageDecoder.Resizing;
import org.graft.sample.RejectedException;

/** JPEG by the codec, or by the JDK where there is none or where it will not. */
final class JpegReader {
  /** To be raised with every change of ours that changes pixels. */
  private static final int REVISION = 1;

  private final PixelLimit limit;
  private final JpegCodec codec;
  private final JpegScaling scaling;

  /**
   * @param codec or null
   */
  JpegReader(PixelLimit limit, JpegCodec codec, JpegScaling scaling) {
    this.limit = limit;
    this.codec = codec;
    this.scaling = scaling;
  }

  DecodedImage read(byte[] content, Resizing resizing) throws RejectedException {
    JpegHeader header = JpegHeader.of(content, limit);
    if (codec != null && header.tellsColours()) {
      int denominator = denominator(header, resizing);
      Optional<byte[]> rgb = decode(codec, header, denominator);
      if (rgb.isPresent()) {
        return ExifOrientation.upright(header, rgb.get(), denominator);
      }
    }
    return ExifOrientation.upright(header, JdkJpeg.rgb(header), 1);
  }

  private int denominator(JpegHeader header, Resizing resizing) throws RejectedException {
    int width = header.width();
    int height = header.height();
    if (scaling == JpegScaling.NONE) {
      return 1;
    }
    if (!ExifOrientation.swapsSides(header.orientation())) {
      return scaling.denominator(width, height, resizing.of(width, height));
    }
    return scaling.denominator(height, width, resizing.of(height, width));
  }

  private static Optional<byte[]> decode(JpegCodec codec, JpegHeader header, int denominator) {
    return codec.decode(header.stripped(), header.width(), header.height(), denominator);
  }

  /**
   * Our revision, and digests of what library and JVM make of a small JPEG: a JDK may be linked to
   * any JPEG library, and only its arithmetic shapes pixels, not the JDK's version.
   */
  String version() {
    String jdk = "imageio-" + REVISION + "-" + Probe.JDK;
    if (codec == null) {
      return jdk;
    }
    String whole = codec.name() + "-" + REVISION + "-" + probe(codec, 1);
    return switch (scaling) {
      case NONE -> whole + "+" + jdk;
      case DRAFT ->
          String.join("-", whole, "draft", probe(codec, 2), probe(codec, 4), probe(codec, 8))
              + ("+" + jdk);
    };
  }

  /** Digest of what the codec makes of a small JPEG at a part of its size. */
  static String probe(JpegCodec codec, int denominator) {
    byte[] rgb =
        decode(codec, Probe.HEADER, denominator)
            .orElseThrow(() -> new IllegalStateException(codec.name() + " decodes no picture"));
    return Digest.of(rgb).substring(0, 12);
  }

  private static final class Probe {
    static final JpegHeader HEADER = header();
    static final String JDK = jdk();

    private static JpegHeader header() {
      try (InputStream in = JpegReader.class.getResourceAsStream("probe.jpg")) {
        return JpegHeader.of(in.readAllBytes(), new PixelLimit(10_000));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (RejectedException e) {
        throw new IllegalStateException("probe.jpg is damaged", e);
      }
    }

    private static String jdk() {
      try {
        return Digest.of(JdkJpeg.rgb(HEADER)).substring(0, 12);
      } catch (RejectedException e) {
        throw new IllegalStateException("this JVM cannot decode JPEG pictures", e);
      }
    }
  }
}
