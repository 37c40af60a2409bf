package org.graft.spark;

import java.util.List;
import java.util.stream.Stream;
import org.graft.feature.FeatureManifest;

/**
 * What an extraction left.
 *
 * @param extracted samples that went through the network
 * @param reused samples whose features were there already
 * @param rejects samples that could not be decoded
 * @param views of the training samples' other views, from number 1
 */
public record Features(
    FeatureStore store,
    FeatureManifest manifest,
    long extracted,
    long reused,
    Rejects rejects,
    List<FeatureStore> views) {

  /** Those to train on: the samples themselves, then their views. */
  List<FeatureStore> stores() {
    return Stream.concat(Stream.of(store), views.stream()).toList();
  }
}
