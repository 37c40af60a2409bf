package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.Preprocessing.ChannelOrder;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Preprocessing.Resize;
import org.graft.image.Preprocessing.Size;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole tensors against torchvision and Keras, of which the generator keeps every 19th value. */
class ImagePreprocessorTest {
  private static final List<Double> NONE = List.of(1.0, 1.0, 1.0);

  @ParameterizedTest
  @ValueSource(strings = {"photo-420.jpg", "photo-progressive.jpg", "exif-6.jpg", "rgb.png"})
  void equalsTheWeightsAuthors(String name) throws RejectedException {
    check(name, "v1", imageNet(Resize.shorterSide(256), new Size(224, 224)));
    check(name, "v2", imageNet(Resize.shorterSide(232), new Size(224, 224)));
    check(name, "padded", imageNet(Resize.shorterSide(61), new Size(90, 111)));
    check(name, "caffe", caffe());
    check(name, "tf", inception());
  }

  private static void check(String name, String kind, Preprocessing preprocessing)
      throws RejectedException {
    float[] expected = Golden.floats("tensors/" + name + "." + kind + ".f32");
    float[] tensor = preprocessor(preprocessing).tensor(Golden.bytes(name));
    Size size = preprocessing.output();
    assertEquals(3 * size.height() * size.width(), tensor.length);
    double dot = 0;
    double mine = 0;
    double theirs = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      float value = tensor[19 * i];
      dot += value * expected[i];
      mine += value * value;
      theirs += expected[i] * expected[i];
      worst = Math.max(worst, Math.abs(value - expected[i]));
    }
    double cosine = dot / Math.sqrt(mine * theirs);
    assertTrue(cosine >= 0.99999, name + " " + kind + ": cosine " + cosine);
    double level = preprocessing.scale() / preprocessing.std().stream().reduce(1.0, Math::min);
    assertTrue(worst <= 3.01 * level, name + " " + kind + ": off by " + worst / level + " levels");
  }

  @Test
  void extremeShapesAreRejectedOrCheap() throws RejectedException {
    Preprocessing usual = imageNet(Resize.shorterSide(256), new Size(224, 224));
    assertEquals(
        3 * 224 * 224, preprocessor(usual, new RgbImage(1, 100_000, new byte[300_000])).length);
    Preprocessing huge = imageNet(Resize.shorterSide(100_000), new Size(224, 224));
    RejectedException refused =
        Assertions.assertThrows(
            RejectedException.class,
            () -> preprocessor(huge, new RgbImage(1, 100_000, new byte[300_000])));
    assertEquals(Reason.TOO_MANY_PIXELS, refused.reason());
    assertEquals(
        "picture's side of 100000 pixels would be resized to 10000000000", refused.getMessage());
  }

  private static float[] preprocessor(Preprocessing preprocessing, RgbImage image)
      throws RejectedException {
    ImageDecoder fixed =
        new ImageDecoder() {
          @Override
          public RgbImage decode(byte[] content) {
            return image;
          }

          @Override
          public String version() {
            return "fixed";
          }
        };
    return new ImagePreprocessor(fixed, preprocessing).tensor(new byte[0]);
  }

  private static ImagePreprocessor preprocessor(Preprocessing preprocessing) {
    return new ImagePreprocessor(new ImageIoDecoder(100_000, preprocessing.alpha()), preprocessing);
  }

  private static Preprocessing imageNet(Resize resize, Size crop) {
    return new Preprocessing(
        resize,
        crop,
        Interpolation.BILINEAR,
        ChannelOrder.RGB,
        1 / 255.0,
        List.of(0.485, 0.456, 0.406),
        List.of(0.229, 0.224, 0.225),
        Alpha.DROP);
  }

  private static Preprocessing caffe() {
    return new Preprocessing(
        Resize.stretch(224, 224),
        null,
        Interpolation.NEAREST,
        ChannelOrder.BGR,
        1,
        List.of(103.939, 116.779, 123.68),
        NONE,
        Alpha.DROP);
  }

  private static Preprocessing inception() {
    return new Preprocessing(
        Resize.stretch(160, 160),
        null,
        Interpolation.BILINEAR,
        ChannelOrder.RGB,
        1 / 127.5,
        NONE,
        NONE,
        Alpha.DROP);
  }
}
