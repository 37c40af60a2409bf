package org.graft.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.graft.backbone.BackboneCard;
import org.graft.bundle.BundleManifest.Entry;
import org.graft.common.Digest;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.Profile;
import org.graft.head.HeadFile;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Input;
import org.graft.image.JpegScaling;

/**
 * Opens bundles. Format version, lengths and digests of all files are checked before anything is
 * taken from them; what does not hold is a {@link UserError} that names the file.
 */
public final class BundleReader {
  static final long MAX_MANIFEST = 64L << 20;
  private static final long MAX_PARSED = Integer.MAX_VALUE - 16;

  private final Storage storage;
  private final TrustedKeys trusted;

  public BundleReader(Storage storage) {
    this(storage, TrustedKeys.ANY);
  }

  /**
   * @param trusted one of which must have signed what is read
   */
  public BundleReader(Storage storage, TrustedKeys trusted) {
    this.storage = storage;
    this.trusted = trusted;
  }

  /**
   * @param path a version's folder, or a model's folder: then its latest version
   */
  public ModelBundle read(String path) throws IOException {
    String folder = resolve(path);
    BundleManifest manifest = manifest(folder);
    Map<String, byte[]> parsed = check(folder, manifest);
    try {
      return new ModelBundle(folder, content(folder, manifest, parsed), manifest);
    } catch (IllegalArgumentException e) {
      throw new UserError("Cannot read bundle " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * The evaluation alone, without looking at other files.
   *
   * @param folder a version's
   */
  public Evaluation evaluation(String folder) throws IOException {
    BundleManifest manifest = manifest(folder);
    return Evaluation.read(
        read(folder, entry(folder, manifest, BundleManifest.EVALUATION)),
        manifest.output(),
        folder + "/" + BundleManifest.EVALUATION);
  }

  /** The head alone, likewise. */
  public TrainedHead head(String folder) throws IOException {
    BundleManifest manifest = manifest(folder);
    return head(folder, manifest, read(folder, entry(folder, manifest, BundleManifest.HEAD)));
  }

  private static TrainedHead head(String folder, BundleManifest manifest, byte[] file)
      throws IOException {
    return HeadFile.read(
        file,
        manifest.input() == null ? Input.RAW : manifest.input(),
        manifest.output(),
        manifest.labels(),
        folder + "/" + BundleManifest.HEAD);
  }

  /**
   * What the samples of its training look like, likewise; empty where an earlier Graft wrote it.
   */
  public Optional<Profile> profile(String folder) throws IOException {
    BundleManifest manifest = manifest(folder);
    if (manifest.file(Attachment.PROFILE).isEmpty()) {
      return Optional.empty();
    }
    byte[] json = read(folder, entry(folder, manifest, Attachment.PROFILE));
    return Optional.of(Json.read(json, Profile.class, folder + "/" + Attachment.PROFILE));
  }

  /** Where a version comes from, likewise. */
  public Provenance provenance(String folder) throws IOException {
    return manifest(folder).provenance();
  }

  private static BundleContent content(
      String folder, BundleManifest manifest, Map<String, byte[]> parsed) throws IOException {
    TrainedHead head = head(folder, manifest, parsed.get(BundleManifest.HEAD));
    BackboneCard card =
        Json.read(
            parsed.get(BundleManifest.CARD),
            BackboneCard.class,
            folder + "/" + BundleManifest.CARD);
    Evaluation evaluation =
        Evaluation.read(
            parsed.get(BundleManifest.EVALUATION),
            manifest.output(),
            folder + "/" + BundleManifest.EVALUATION);
    return new BundleContent(
        head,
        card,
        manifest.cut(),
        manifest.pooling(),
        manifest.batch(),
        manifest.engine(),
        manifest.computedIn(),
        manifest.jpegScaling() == null ? JpegScaling.NONE : manifest.jpegScaling(),
        evaluation,
        manifest.provenance());
  }

  /**
   * Copies a file of the bundle to the local disk.
   *
   * @throws UserError if it is missing or no longer what the manifest says
   */
  public void fetch(ModelBundle bundle, String file, Path to) throws IOException {
    Entry entry = entry(bundle.path(), bundle.manifest(), file);
    boolean whole = false;
    try (OutputStream out = Files.newOutputStream(to)) {
      check(bundle.path(), entry, out);
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(to);
      }
    }
  }

  BundleManifest manifest(String folder) throws IOException {
    String file = folder + "/" + BundleManifest.FILE;
    byte[] json = storage.read(file, MAX_MANIFEST);
    trusted.check(storage, folder, json);
    return BundleManifest.read(json, file);
  }

  private String resolve(String path) throws IOException {
    String folder = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (storage.exists(folder + "/" + BundleManifest.FILE)) {
      return folder;
    }
    ModelFolder model = new ModelFolder(storage, folder);
    OptionalInt latest = model.latest();
    if (latest.isEmpty()) {
      throw new UserError(
          "Cannot read bundle %s: it has neither %s (so it is no finished version) nor %s (so it is no model with versions). Give the folder of one or the other."
              .formatted(folder, BundleManifest.FILE, ModelFolder.LATEST));
    }
    String version = model.version(latest.getAsInt());
    if (!storage.exists(version + "/" + BundleManifest.FILE)) {
      throw new UserError(
          "Cannot read bundle %s: %s/%s names it, but it has no %s. Write another version's number into %s, or publish again."
              .formatted(
                  version, folder, ModelFolder.LATEST, BundleManifest.FILE, ModelFolder.LATEST));
    }
    return version;
  }

  /** Checks every file; gives the bytes of those that are parsed. */
  private Map<String, byte[]> check(String folder, BundleManifest manifest) throws IOException {
    Map<String, byte[]> parsed = new HashMap<>();
    for (String name :
        new String[] {BundleManifest.HEAD, BundleManifest.CARD, BundleManifest.EVALUATION}) {
      parsed.put(name, read(folder, entry(folder, manifest, name)));
    }
    for (Entry entry : manifest.files()) {
      if (!parsed.containsKey(entry.name())) {
        check(folder, entry, OutputStream.nullOutputStream());
      }
    }
    return parsed;
  }

  private static Entry entry(String folder, BundleManifest manifest, String name) {
    return manifest
        .file(name)
        .orElseThrow(
            () ->
                new UserError(
                    "Cannot read bundle %s: its %s names no file %s (it has %s)."
                        .formatted(
                            folder,
                            BundleManifest.FILE,
                            name,
                            manifest.files().stream().map(Entry::name).toList())));
  }

  private byte[] read(String folder, Entry entry) throws IOException {
    if (entry.bytes() > MAX_PARSED) {
      throw new UserError(
          "Cannot read %s/%s: %d bytes (limit %d)."
              .formatted(folder, entry.name(), entry.bytes(), MAX_PARSED));
    }
    try (InputStream in = open(folder, entry)) {
      byte[] bytes = in.readNBytes((int) entry.bytes() + 1);
      new CheckedCopy(folder, entry).check(new CheckedCopy.Seen(bytes.length, Digest.of(bytes)));
      return bytes;
    }
  }

  private void check(String folder, Entry entry, OutputStream out) throws IOException {
    try (InputStream in = open(folder, entry)) {
      new CheckedCopy(folder, entry).copy(in, out);
    }
  }

  private InputStream open(String folder, Entry entry) throws IOException {
    String path = folder + "/" + entry.name();
    if (!storage.exists(path)) {
      throw new UserError(
          "Cannot read %s: it is missing (expected %d bytes, SHA-256 %s). Restore it, or publish the model again."
              .formatted(path, entry.bytes(), entry.sha256()));
    }
    return storage.open(path);
  }
}
