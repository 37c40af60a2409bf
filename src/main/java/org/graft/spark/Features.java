package org.graft.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.feature.FeatureManifest;

/**
 * What an extraction left.
 *
 * @param extracted samples that went through the network
 * @param reused samples whose features were there already
 * @param rejects samples that could not be decoded
 * @param views of the training samples' other views, from number 1
 * @param times of what was extracted, views too
 */
public record Features(
    FeatureStore store,
    FeatureManifest manifest,
    long extracted,
    long reused,
    Rejects rejects,
    List<FeatureStore> views,
    ExtractionTimes times) {

  /**
   * Of some samples: parts without any of them are not read.
   *
   * @param keys a column of this name
   */
  public Features only(Dataset<Row> keys) throws IOException {
    List<FeatureStore> some = new ArrayList<>();
    for (FeatureStore view : views) {
      some.add(view.only(keys));
    }
    return new Features(store.only(keys), manifest, extracted, reused, rejects, some, times);
  }

  /** Whether it holds so many samples, in each view. */
  public boolean isWhole(long samples) throws IOException {
    for (FeatureStore each : stores()) {
      if (each.read().select("key").distinct().count() != samples) {
        return false;
      }
    }
    return true;
  }

  /** Those to train on: the samples themselves, then their views. */
  List<FeatureStore> stores() {
    return Stream.concat(Stream.of(store), views.stream()).toList();
  }
}
