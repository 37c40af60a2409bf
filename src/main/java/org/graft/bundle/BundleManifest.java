package org.graft.bundle;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.common.Checks;
import org.graft.common.Digest;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Input;
import org.graft.head.TrainedHead.Output;
import org.graft.image.JpegScaling;

/**
 * {@code bundle.json}.
 *
 * @param format version of the bundle's format
 * @param contentSha256 over all else in here but run id and time, so over all files too
 * @param input what becomes of the features before the head's first layer; null: nothing
 * @param precision what the network computed in on cards; null: float32 or int8
 * @param int8 what the network was quantised by; null: it computes in float32
 * @param jpegScaling null: none
 * @param files every other file of the bundle, sorted by name
 */
record BundleManifest(
    int format,
    String contentSha256,
    List<Entry> files,
    Input input,
    Output output,
    List<String> labels,
    String cut,
    Pooling pooling,
    int batch,
    String engine,
    ActivationRanges int8,
    String precision,
    JpegScaling jpegScaling,
    Provenance provenance) {
  static final int FORMAT = 1;
  static final String FILE = "bundle.json";
  static final String HEAD = "head.safetensors";
  static final String CARD = "card.json";
  static final String EVALUATION = "evaluation.json";

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");

  /** A file beside this one. */
  record Entry(String name, long bytes, String sha256) {
    Entry {
      Checks.argument(isPlainName(name), "'%s' is not a plain file name", name);
      Checks.argument(sha256 != null && bytes >= 0, "file %s has no length or digest", name);
    }
  }

  BundleManifest {
    files = List.copyOf(files);
    labels = List.copyOf(labels);
    Checks.argument(
        cut != null && pooling != null && output != null && engine != null && provenance != null,
        "cut, pooling, output, engine or provenance is missing");
    Checks.argument(
        precision == null || (int8 == null && Precision.of(precision) instanceof Precision.OfCards),
        "precision '%s' is none of cards",
        precision);
  }

  Precision computedIn() {
    if (int8 != null) {
      return Precision.int8(int8);
    }
    return precision == null ? Precision.FP32 : Precision.of(precision);
  }

  /** Neither a folder nor hidden, and no way out of the bundle's folder. */
  static boolean isPlainName(String name) {
    return name != null && PLAIN_NAME.matcher(name).matches();
  }

  Optional<Entry> file(String name) {
    return files.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  /** As it will be read back: numbers in the config may change their type on the way. */
  BundleManifest sealed() {
    BundleManifest read = Json.read(bytes(), BundleManifest.class, FILE);
    return read.withDigest(read.digest(), provenance);
  }

  String digest() {
    return Digest.of(Json.canonical(withDigest(null, provenance.withoutRun())));
  }

  private BundleManifest withDigest(String digest, Provenance newProvenance) {
    return new BundleManifest(
        format,
        digest,
        files,
        input,
        output,
        labels,
        cut,
        pooling,
        batch,
        engine,
        int8,
        precision,
        jpegScaling,
        newProvenance);
  }

  byte[] bytes() {
    return Json.pretty(this).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Checks the format's version first, then every field, then the digest.
   *
   * @param what names the bundle in errors
   */
  static BundleManifest read(byte[] json, String what) {
    Map<String, Object> fields = Json.readMap(json, what);
    if (!Integer.valueOf(FORMAT).equals(fields.get("format"))) {
      throw new UserError(
          "Cannot read %s: format version %s (this Graft reads %d). Use the Graft that wrote it, or a newer one."
              .formatted(what, fields.get("format"), FORMAT));
    }
    BundleManifest manifest = Json.read(json, BundleManifest.class, what);
    if (!manifest.digest().equals(manifest.contentSha256())) {
      throw new UserError(
          "Cannot read %s: it was changed (got content digest %s, expected %s). Publish the model again."
              .formatted(what, manifest.digest(), manifest.contentSha256()));
    }
    return manifest;
  }
}
