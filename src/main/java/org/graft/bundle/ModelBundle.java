package org.graft.bundle;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.graft.backbone.BackboneSpec;

/** A bundle that was read, checked and found whole. */
public final class ModelBundle {
  private final String path;
  private final BundleContent content;
  private final BundleManifest manifest;

  ModelBundle(String path, BundleContent content, BundleManifest manifest) {
    this.path = path;
    this.content = content;
    this.manifest = manifest;
  }

  /** The version's folder. */
  public String path() {
    return path;
  }

  public BundleContent content() {
    return content;
  }

  /** The digest of all that two runs of the same job share. */
  public String contentSha256() {
    return manifest.contentSha256();
  }

  /** All files but {@code bundle.json}, sorted. */
  public List<String> files() {
    return manifest.files().stream().map(BundleManifest.Entry::name).toList();
  }

  /** The backbone's weights, if the bundle carries them. */
  public Optional<String> backboneFile() {
    return files().stream().filter(name -> name.startsWith(Attachment.BACKBONE)).findFirst();
  }

  /** How to load the backbone that the head was trained on. */
  public BackboneSpec backbone(Path weights) {
    return new BackboneSpec(
        content.card(),
        content.cut(),
        content.pooling(),
        content.batch(),
        weights,
        content.precision());
  }

  BundleManifest manifest() {
    return manifest;
  }
}
