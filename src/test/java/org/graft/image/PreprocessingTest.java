package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.Preprocessing.ChannelOrder;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Preprocessing.Resize;
import org.graft.image.Preprocessing.Resizer;
import org.graft.image.Preprocessing.Size;
import org.graft.sample.RejectedException;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
  private static final List<Double> ONES = List.of(1.0, 1.0, 1.0);

  /** Feature fingerprints are digests of this text: one that changed would redo all extractions. */
  private static final String BEFORE_RESIZERS =
      "{'alpha':'WHITE','channelOrder':'RGB','interpolation':'BILINEAR','mean':[1.0,1.0,1.0],"
          + "'resize':{'stretch':{'height':7,'width':9}},'scale':2.0,'std':[1.0,1.0,1.0]}";

  @Test
  void cardsFromBeforeThereWasAChoiceKeepTheirFingerprint() {
    assertEquals(BEFORE_RESIZERS, json(rule(Resize.stretch(7, 9), null, Interpolation.BILINEAR)));
    assertEquals(BEFORE_RESIZERS, json(read(BEFORE_RESIZERS)));
    String explicit = BEFORE_RESIZERS.replace("'scale'", "'resizer':'PIL','scale'");
    assertEquals(BEFORE_RESIZERS, json(read(explicit)));
  }

  @Test
  void whatIsNotPillowsIsInTheFingerprint() {
    String tensorFlow = BEFORE_RESIZERS.replace("'scale'", "'resizer':'TENSORFLOW','scale'");
    assertEquals(tensorFlow, json(read(tensorFlow)));
    assertEquals(Resizer.TENSORFLOW, read(tensorFlow).resizer());
    String filled = BEFORE_RESIZERS.replace("'interpol", "'fill':[1,2,3],'interpol");
    assertEquals(filled, json(read(filled)));
  }

  @Test
  void refusesWhatIsNoRule() {
    assertRefused(
        "set one of shorterSide, stretch,",
        "{'height':7,'width':9}}",
        "{'height':7,'width':9},'shorterSide':3}");
    assertRefused("shorterSide, cover and contain need a crop", "'stretch'", "'cover'");
    assertRefused("AREA is TensorFlow's: set resizer to TENSORFLOW", "BILINEAR", "AREA");
    assertRefused(
        "fill needs 3 levels of 0..255: [1, 2, 256]", "'mean'", "'fill':[1,2,256],'mean'");
    assertRefused("\"resizing\"", "'scale'", "'resizing':'PIL','scale'");
  }

  private static void assertRefused(String message, String from, String to) {
    UserError refused =
        assertThrows(UserError.class, () -> read(BEFORE_RESIZERS.replace(from, to)));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  /** The part that is resized lies where it lies in the whole picture, to half a level. */
  @Test
  void aPartOfAPictureMayBeDecodedAtAPartOfItsSize() throws RejectedException {
    Preprocessing rule = rule(Resize.cropToAspectRatio(20, 10), null, Interpolation.BILINEAR);
    byte[] photo = Golden.bytes("photo-420.jpg");
    float[] whole = tensor(rule, photo, JpegScaling.NONE);
    float[] drafted = tensor(rule, photo, JpegScaling.DRAFT);
    double difference = 0;
    for (int i = 0; i < whole.length; i++) {
      difference += Math.abs(whole[i] - drafted[i]) / whole.length;
    }
    assertTrue(difference > 0, "nothing was drafted");
    assertTrue(difference < 2 * 1.5, "off by " + difference / 2 + " levels");
  }

  @Test
  void aSliverIsContainedAsAPixel() throws RejectedException {
    Preprocessing rule = rule(Resize.contain(8, 8), new Size(8, 8), Interpolation.BICUBIC);
    Framing framing = Framing.of(rule, 1, 10_000);
    assertEquals(new Resampler.Span(1, 0, 1), framing.across().span());
    assertEquals(3, framing.across().margin());
    assertEquals(new Resampler.Span(8, 0, 8), framing.down().span());
  }

  private static float[] tensor(Preprocessing rule, byte[] content, JpegScaling scaling)
      throws RejectedException {
    ImageDecoder decoder = PictureDecoder.of(100_000, rule.alpha(), scaling);
    return new ImagePreprocessor(decoder, rule).tensor(content);
  }

  private static Preprocessing rule(Resize resize, Size crop, Interpolation interpolation) {
    return new Preprocessing(
        resize, crop, interpolation, ChannelOrder.RGB, 2, ONES, ONES, Alpha.WHITE);
  }

  private static Preprocessing read(String json) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return Json.read(bytes, Preprocessing.class, "card");
  }

  private static String json(Preprocessing rule) {
    return Json.canonical(rule).replace('"', '\'');
  }
}
