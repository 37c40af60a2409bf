package org.graft.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFiles;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.feature.FeatureExtractor.FrontEnd;
import org.graft.feature.FeatureFingerprint;
import org.graft.image.JpegScaling;
import org.graft.sample.SampleLimits;
import org.graft.sample.SampleSource;

/**
 * A frozen network as a job uses it: what to load, by which engine, with which weights.
 *
 * @param spec its weights are a file of the driver's
 * @param sha256 of that file
 * @param jpegScaling whether JPEG pictures may be decoded at a part of their size
 */
public record BackboneChoice(
    BackboneSpec spec, BackboneLoader loader, String sha256, JpegScaling jpegScaling) {

  /** All that shapes its features. */
  public FeatureFingerprint fingerprint() {
    BackboneCard card = spec.card();
    return new FeatureFingerprint(
        sha256,
        card.network(spec.cut()),
        spec.cut(),
        spec.pooling(),
        card.preprocessing(),
        FrontEnds.version(card, jpegScaling),
        loader.engine(),
        spec.precision().id(),
        spec.batch(),
        "float32",
        null,
        card.text(),
        card.audio());
  }

  /**
   * The same network, its output taken elsewhere.
   *
   * @param other becomes one of the card's, if it has none of that name
   */
  public BackboneChoice at(Cut other, Pooling pooling) {
    BackboneCard card = spec.card();
    boolean known = card.cuts().stream().anyMatch(cut -> cut.name().equals(other.name()));
    BackboneSpec there =
        new BackboneSpec(
            known ? card : card.withCut(other),
            other.name(),
            pooling,
            spec.batch(),
            spec.weights(),
            spec.precision());
    return new BackboneChoice(there, loader, sha256, jpegScaling);
  }

  /** The same in other numbers. */
  public BackboneChoice in(Precision precision) {
    return new BackboneChoice(spec.withPrecision(precision), loader, sha256, jpegScaling);
  }

  /**
   * The same in numbers that only cards have.
   *
   * @throws UserError if it does not compute on one
   */
  public BackboneChoice onCardsIn(Precision precision) {
    if (!loader.onCards()) {
      throw new UserError(
          "Cannot run %s in %s: it computes by '%s', and only cards are faster in it. Set precision: fp32, or backbone.device: cuda."
              .formatted(spec.card().name(), precision.name(), loader.engine()));
    }
    return in(precision);
  }

  /**
   * @throws UserError if the network cannot read what the source has
   */
  void check(SampleSource source) {
    if (source instanceof SampleSource.Text && spec.card().text() == null) {
      throw new UserError(
          "Cannot extract features of %s: it has texts, and %s reads %s. Take a backbone for texts, or set source.kind to folder, manifest, table or tar."
              .formatted(
                  source.path(),
                  spec.card().name(),
                  spec.card().audio() == null ? "pictures" : "recordings"));
    }
  }

  /**
   * @throws UserError if other views are wanted than there can be
   */
  void checkViews(ExtractOptions options) {
    if (options.views() > 1 && spec.card().preprocessing() == null) {
      throw new UserError(
          "Cannot extract %d views of each sample: %s reads no pictures. Set extract.views: 1."
              .formatted(options.views(), spec.card().name()));
    }
  }

  FrontEnd frontEnd(SampleLimits limits) {
    return FrontEnds.of(spec.card(), limits, jpegScaling, null);
  }

  /** Lets Spark bring the weights to every executor, once, under a name of their own. */
  BackboneRef ship(Session session) throws IOException {
    String name = sha256.substring(0, 16) + "-" + spec.weights().getFileName();
    SparkContext sc = session.context().sc();
    synchronized (sc) {
      if (!Files.exists(Path.of(SparkFiles.get(name)))) { // where Spark puts the driver's own copy
        sc.addFile(named(name).toString());
      }
    }
    return BackboneRef.of(this, name);
  }

  /** Spark serves a file under its real name, so it must have that of its content. */
  private Path named(String name) throws IOException {
    Path link = Files.createTempDirectory("graft-weights").resolve(name);
    try {
      Files.createLink(link, spec.weights().toRealPath());
    } catch (IOException | UnsupportedOperationException otherDisk) {
      Files.copy(spec.weights(), link);
    }
    link.toFile().deleteOnExit();
    link.getParent().toFile().deleteOnExit();
    return link;
  }
}
