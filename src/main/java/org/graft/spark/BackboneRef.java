package org.graft.spark;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.feature.FeatureExtractor.FrontEnd;
import org.graft.image.JpegScaling;
import org.graft.image.View;
import org.graft.sample.SampleLimits;

/**
 * A {@link BackboneSpec} that can travel: the card as JSON, the weights by the name under which
 * Spark brought the file.
 *
 * @param precision {@code fp32}, {@code int8} or one of cards
 * @param ranges for int8, as JSON; else empty
 * @param origin the file on the driver, for people
 * @param engine the driver's record of what computes: executors must have the same
 * @param decoder the driver's record of what decodes, too
 */
record BackboneRef(
    String card,
    String cut,
    Pooling pooling,
    int batch,
    String precision,
    String ranges,
    String weightsFile,
    String origin,
    JpegScaling jpegScaling,
    String engine,
    String decoder)
    implements Serializable {
  static BackboneRef of(BackboneChoice choice, String weightsFile) {
    BackboneSpec spec = choice.spec();
    return new BackboneRef(
        Json.canonical(spec.card()),
        spec.cut(),
        spec.pooling(),
        spec.batch(),
        spec.precision().name(),
        spec.precision() instanceof Precision.Int8 int8 ? Json.canonical(int8.ranges()) : "",
        weightsFile,
        spec.weights().toString(),
        choice.jpegScaling(),
        choice.loader().engine(),
        FrontEnds.version(spec.card(), choice.jpegScaling()));
  }

  /**
   * The front end of the card, here.
   *
   * @throws UserError if this executor decodes otherwise than the driver does
   */
  FrontEnd frontEnd(SampleLimits limits) {
    return frontEnd(limits, null);
  }

  /**
   * The same for an augmentation view.
   *
   * @param view null: pictures as they are
   */
  FrontEnd frontEnd(SampleLimits limits, View view) {
    BackboneCard own = spec(null).card();
    check("decodes samples", FrontEnds.version(own, jpegScaling), decoder);
    return FrontEnds.of(own, limits, jpegScaling, view);
  }

  /**
   * @throws UserError if this executor computes otherwise than the driver does
   */
  void checkEngine(String here) {
    check("runs networks", here, engine);
  }

  /** Features of both would lie in one store, as if they were the same. */
  private static void check(String what, String here, String driver) {
    if (!here.equals(driver)) {
      throw new UserError(
          "Cannot extract on this executor: it %s by '%s' (the driver by '%s'). Use one platform and one Java for the driver and all executors."
              .formatted(what, here, driver));
    }
  }

  BackboneSpec spec(Path weights) {
    return new BackboneSpec(
        Json.read(card.getBytes(StandardCharsets.UTF_8), BackboneCard.class, "card"),
        cut,
        pooling,
        batch,
        weights,
        computedIn());
  }

  private Precision computedIn() {
    return ranges.isEmpty()
        ? Precision.of(precision)
        : Precision.int8(
            Json.read(ranges.getBytes(StandardCharsets.UTF_8), ActivationRanges.class, "ranges"));
  }
}
