package org.graft.image;

import java.util.Arrays;
import org.graft.image.Framing.Axis;
import org.graft.image.Preprocessing.ChannelOrder;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Preprocessing.Resizer;
import org.graft.image.Preprocessing.Size;
import org.graft.image.Resampler.Span;
import org.graft.sample.RejectedException;

/** A picture file to a network's input, as the weights' authors did it. Thread-safe. */
public final class ImagePreprocessor {
  private final ImageDecoder decoder;
  private final Preprocessing preprocessing;
  private final Resizing resizing;
  private final boolean wholeOnly;

  /** {@code [channel of the tensor][level 0..255]}. */
  private final float[][] values;

  /** Part of a picture to the window {@code across} x {@code down} of what it is resized to. */
  @FunctionalInterface
  private interface Resizing {
    Rows resize(DecodedImage part, Span across, Span down);
  }

  /** Writes a channel of a resized window's row into the tensor, from {@code to} on. */
  @FunctionalInterface
  private interface Rows {
    void write(int channel, int y, float[] tensor, int to);
  }

  public ImagePreprocessor(ImageDecoder decoder, Preprocessing preprocessing) {
    this.decoder = decoder;
    this.preprocessing = preprocessing;
    this.values = values();
    Resizer resizer = preprocessing.resizer();
    Interpolation interpolation = preprocessing.interpolation();
    this.wholeOnly = resizer != null || interpolation == Interpolation.NEAREST;
    this.resizing =
        resizer == null
            ? levels(new Resampler(interpolation))
            : floats(new TensorFlowResampler(interpolation, resizer.antialias()));
  }

  private float[][] values() {
    float[][] table = new float[3][256];
    for (int c = 0; c < 3; c++) {
      for (int level = 0; level < 256; level++) {
        table[c][level] = value(c, level);
      }
    }
    return table;
  }

  private float value(int channel, double level) {
    double centred = level * preprocessing.scale() - preprocessing.mean().get(channel);
    return (float) (centred / preprocessing.std().get(channel));
  }

  private Resizing levels(Resampler resampler) {
    return (part, across, down) -> {
      byte[] rgb = resampler.resize(part, across, down).rgb();
      return (channel, y, tensor, to) -> {
        float[] value = values[channel];
        int from = first(channel, y, across);
        for (int x = 0; x < across.length(); x++, from += 3) {
          tensor[to + x] = value[rgb[from] & 0xff];
        }
      };
    };
  }

  private Resizing floats(TensorFlowResampler resampler) {
    return (part, across, down) -> {
      float[] rgb = resampler.resize(part, across, down);
      return (channel, y, tensor, to) -> {
        int from = first(channel, y, across);
        for (int x = 0; x < across.length(); x++, from += 3) {
          tensor[to + x] = value(channel, rgb[from]);
        }
      };
    };
  }

  /** Where a row's values of a channel begin, of a window of RGB. */
  private int first(int channel, int y, Span across) {
    int colour = preprocessing.channelOrder() == ChannelOrder.RGB ? channel : 2 - channel;
    return 3 * y * across.length() + colour;
  }

  /** Returns NCHW {@code [3][height][width]} of the output size, flattened. */
  public float[] tensor(byte[] content) throws RejectedException {
    DecodedImage image = decode(content);
    Framing framing = Framing.of(preprocessing, image.width(), image.height());
    Axis across = framing.across();
    Axis down = framing.down();
    DecodedImage part = image.part(across.source(), down.source());
    Rows rows = resizing.resize(part, across.span(), down.span());
    float[] tensor = blank();
    int width = preprocessing.output().width();
    for (int c = 0; c < 3; c++) {
      int corner = c * (tensor.length / 3) + down.margin() * width + across.margin();
      for (int y = 0; y < down.span().length(); y++) {
        rows.write(c, y, tensor, corner + y * width);
      }
    }
    return tensor;
  }

  /** Where single pixels count, they are those of the whole picture. */
  private DecodedImage decode(byte[] content) throws RejectedException {
    return wholeOnly
        ? DecodedImage.whole(decoder.decode(content))
        : decoder.decode(content, (w, h) -> Framing.of(preprocessing, w, h).whole(w, h));
  }

  private float[] blank() {
    Size output = preprocessing.output();
    int plane = output.height() * output.width();
    float[] tensor = new float[3 * plane];
    for (int c = 0; c < 3; c++) {
      int level = preprocessing.fill() == null ? 0 : preprocessing.fill().get(c);
      Arrays.fill(tensor, c * plane, (c + 1) * plane, values[c][level]);
    }
    return tensor;
  }
}
