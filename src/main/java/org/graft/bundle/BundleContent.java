package org.graft.bundle;

import java.util.List;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.common.Checks;
import org.graft.evaluate.Evaluation;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Input;
import org.graft.image.JpegScaling;

/**
 * What a bundle holds, before it has a version and after it was read.
 *
 * @param cut name of one of the card's cuts
 * @param batch the fixed batch size that the features were extracted with
 * @param engine record of the engine that computed them: its name and version
 * @param precision the numbers that it computed in
 * @param jpegScaling how JPEG pictures were decoded for it
 */
public record BundleContent(
    TrainedHead head,
    BackboneCard card,
    String cut,
    Pooling pooling,
    int batch,
    String engine,
    Precision precision,
    JpegScaling jpegScaling,
    Evaluation evaluation,
    Provenance provenance) {

  public BundleContent {
    int width = card.vectorWidth(cut, pooling);
    Checks.argument(
        width == head.width(), "cut %s gives %d features, head takes %d", cut, width, head.width());
    Checks.argument(
        head.sha256().equals(provenance.headSha256()),
        "head has SHA-256 %s, its provenance says %s",
        head.sha256(),
        provenance.headSha256());
  }

  BundleManifest manifest(List<BundleManifest.Entry> files) {
    return new BundleManifest(
        BundleManifest.FORMAT,
        null,
        files,
        head.input() == Input.RAW ? null : head.input(),
        head.output(),
        head.labels().names(),
        cut,
        pooling,
        batch,
        engine,
        precision instanceof Precision.Int8 int8 ? int8.ranges() : null,
        precision instanceof Precision.OfCards ? precision.name() : null,
        jpegScaling == JpegScaling.NONE ? null : jpegScaling,
        provenance);
  }
}
