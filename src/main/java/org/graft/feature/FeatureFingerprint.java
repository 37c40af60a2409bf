package org.graft.feature;

import org.graft.audio.AudioPreparation;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.Digest;
import org.graft.common.Json;
import org.graft.image.Preprocessing;
import org.graft.text.TextPreparation;

/**
 * All that shapes a feature. Equal fingerprints mean equal features, so what is stored under one is
 * never computed again.
 *
 * @param weights SHA-256 of the weight file
 * @param network architecture and variant
 * @param preprocessing of pictures; null for others
 * @param decoder name and version of the decoder, with its limits; of texts the tokenizer with its
 *     digest
 * @param engine name and version of what computes, with its threads
 * @param precision the numbers that the network computes in, with their calibration
 * @param element how a feature is stored
 * @param view which augmentation view of a picture was taken; null: the picture as it is
 * @param text how texts are prepared; null for others
 * @param audio how recordings are prepared; null for others
 */
public record FeatureFingerprint(
    String weights,
    String network,
    String cut,
    Pooling pooling,
    Preprocessing preprocessing,
    String decoder,
    String engine,
    String precision,
    int batch,
    String element,
    String view,
    TextPreparation text,
    AudioPreparation audio) {

  /** Of an augmentation view of the same pictures. */
  public FeatureFingerprint of(String otherView) {
    return new FeatureFingerprint(
        weights,
        network,
        cut,
        pooling,
        preprocessing,
        decoder,
        engine,
        precision,
        batch,
        element,
        otherView,
        text,
        audio);
  }

  /** SHA-256 over the canonical JSON of this record. */
  public String sha256() {
    return Digest.of(Json.canonical(this));
  }
}
