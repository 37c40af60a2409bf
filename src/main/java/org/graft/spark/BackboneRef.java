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

/**
 * A {@link BackboneSpec} that can travel: the card as JSON, the weights by the name under which
 * Spark brought the file.
 *
 * @param ranges for int8, as JSON; empty: float32
 * @param origin the file on the driver, for people
 */
record BackboneRef(
    String card,
    String cut,
    Pooling pooling,
    int batch,
    String ranges,
    String weightsFile,
    String origin)
    implements Serializable {
  static BackboneRef of(BackboneSpec spec, String weightsFile) {
    return new BackboneRef(
        Json.canonical(spec.card()),
        spec.cut(),
        spec.pooling(),
        spec.batch(),
        spec.precision() instanceof Precision.Int8 int8 ? Json.canonical(int8.ranges()) : "",
        weightsFile,
        spec.weights().toString());
  }

  BackboneSpec spec(Path weights) {
    return new BackboneSpec(
        Json.read(card.getBytes(StandardCharsets.UTF_8), BackboneCard.class, "card"),
        cut,
        pooling,
        batch,
        weights,
        precision());
  }

  private Precision precision() {
    return ranges.isEmpty()
        ? Precision.FP32
        : Precision.int8(
            Json.read(ranges.getBytes(StandardCharsets.UTF_8), ActivationRanges.class, "ranges"));
  }
}
