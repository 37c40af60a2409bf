package org.graft.bundle;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.graft.bundle.BundleManifest.Entry;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.Storage.PendingFile;
import org.graft.common.UserError;
import org.graft.head.HeadFile;

/**
 * Publishes bundles as versions 1, 2, 3, .. of a model. A version exists once its {@code
 * bundle.json} does, and is in use once {@code latest} says so; those two are written last, in this
 * order, so a writer that dies anywhere leaves the model as it was. One writer at a time.
 */
public final class BundleWriter {
  private final Storage storage;
  private final ModelFolder model;
  private final SigningKey key;

  /**
   * @param path the version's folder
   * @param isNew false if the newest version already held the same content
   */
  public record Published(String path, int version, boolean isNew) {}

  /**
   * @param folder {@code models/<name>}
   */
  public BundleWriter(Storage storage, String folder) {
    this(storage, folder, null);
  }

  /**
   * @param folder {@code models/<name>}
   * @param key that signs what is published; null: it is not signed
   */
  public BundleWriter(Storage storage, String folder, SigningKey key) {
    this.storage = storage;
    this.model = new ModelFolder(storage, folder);
    this.key = key;
  }

  /**
   * Publishes the next version, unless the newest one holds the same content and is whole; makes it
   * the latest in either case, unless that one was rolled back from.
   *
   * @param attachments files to copy into the bundle
   */
  public Published write(BundleContent content, List<Attachment> attachments) throws IOException {
    Map<String, Source> sources = sources(content, attachments);
    BundleManifest manifest = content.manifest(entries(sources)).sealed();
    OptionalInt newest = model.newest();
    boolean isNew = newest.isEmpty() || !holds(newest.getAsInt(), manifest);
    int version = newest.orElse(0) + (isNew ? 1 : 0);
    if (isNew) {
      write(model.version(version), sources, manifest);
    } else {
      signAsItIs(model.version(version), manifest);
    }
    if (isNew || (model.latest().orElse(0) != version && !model.isWithdrawn(version))) {
      model.setLatest(version);
    }
    return new Published(model.version(version), version, isNew);
  }

  /** A file to be, readable as often as needed. */
  @FunctionalInterface
  private interface Source {
    InputStream open() throws IOException;

    static Source of(byte[] bytes) {
      return () -> new ByteArrayInputStream(bytes);
    }

    static Source ofJson(Object value) {
      return of(Json.pretty(value).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Map<String, Source> sources(BundleContent content, List<Attachment> attachments) {
    Map<String, Source> sources = new TreeMap<>();
    sources.put(BundleManifest.HEAD, Source.of(HeadFile.write(content.head())));
    sources.put(BundleManifest.CARD, Source.ofJson(content.card()));
    sources.put(BundleManifest.EVALUATION, Source.ofJson(content.evaluation()));
    for (Attachment attachment : attachments) {
      Source source = () -> Files.newInputStream(attachment.file());
      if (sources.put(attachment.name(), source) != null) {
        throw new IllegalArgumentException("two files named " + attachment.name());
      }
    }
    return sources;
  }

  private static List<Entry> entries(Map<String, Source> sources) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, Source> source : sources.entrySet()) {
      try (InputStream in = source.getValue().open()) {
        CheckedCopy.Seen seen = CheckedCopy.copied(in, OutputStream.nullOutputStream());
        entries.add(new Entry(source.getKey(), seen.bytes(), seen.sha256()));
      }
    }
    return entries;
  }

  private boolean holds(int version, BundleManifest manifest) throws IOException {
    try {
      BundleReader reader = new BundleReader(storage);
      String folder = model.version(version);
      return reader.manifest(folder).contentSha256().equals(manifest.contentSha256())
          && reader.read(folder).contentSha256().equals(manifest.contentSha256());
    } catch (UserError damagedOrNewer) {
      return false;
    }
  }

  private void write(String folder, Map<String, Source> sources, BundleManifest manifest)
      throws IOException {
    for (Storage.Entry leftover : storage.list(folder)) {
      storage.delete(leftover.path());
    }
    for (Entry entry : manifest.files()) {
      try (InputStream in = sources.get(entry.name()).open();
          PendingFile file = storage.create(folder + "/" + entry.name())) {
        new CheckedCopy(folder, entry).copy(in, file.out());
        file.commit();
      }
    }
    byte[] json = manifest.bytes();
    sign(folder, json); // first, so that at no moment a version is there unsigned
    storage.write(folder + "/" + BundleManifest.FILE, json);
  }

  /** A version of an earlier run, which may be unsigned, or signed with another key. */
  private void signAsItIs(String folder, BundleManifest same) throws IOException {
    byte[] json = storage.read(folder + "/" + BundleManifest.FILE, BundleReader.MAX_MANIFEST);
    if (BundleManifest.read(json, folder).contentSha256().equals(same.contentSha256())) {
      sign(folder, json);
    }
  }

  private void sign(String folder, byte[] json) throws IOException {
    if (key != null) {
      storage.write(folder + "/" + TrustedKeys.SIGNATURE, key.sign(json));
    }
  }
}
