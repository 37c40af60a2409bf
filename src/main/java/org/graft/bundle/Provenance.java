package org.graft.bundle;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a bundle comes from.
 *
 * @param runId of the run that published it; null in what the content's digest covers
 * @param created ISO 8601, UTC; null in what the content's digest covers
 * @param config as run, without secrets
 * @param datasetSha256 of the index: samples, labels, split
 * @param featuresSha256 the features' fingerprint
 * @param headSha256 of the head's parameters, output and labels
 * @param backboneSha256 of the backbone's weight file
 * @param lineage what the training began with; null where it was not to begin with a version
 */
public record Provenance(
    String graftVersion,
    String runId,
    String created,
    Map<String, Object> config,
    String datasetSha256,
    String featuresSha256,
    String headSha256,
    String backboneSha256,
    String javaVersion,
    String sparkVersion,
    Lineage lineage) {

  public Provenance {
    config = config == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(config));
  }

  /** Of a training that began afresh. */
  public Provenance(
      String graftVersion,
      String runId,
      String created,
      Map<String, Object> config,
      String datasetSha256,
      String featuresSha256,
      String headSha256,
      String backboneSha256,
      String javaVersion,
      String sparkVersion) {
    this(
        graftVersion,
        runId,
        created,
        config,
        datasetSha256,
        featuresSha256,
        headSha256,
        backboneSha256,
        javaVersion,
        sparkVersion,
        null);
  }

  /** What two runs of the same job share. */
  Provenance withoutRun() {
    return new Provenance(
        graftVersion,
        null,
        null,
        config,
        datasetSha256,
        featuresSha256,
        headSha256,
        backboneSha256,
        javaVersion,
        sparkVersion,
        lineage);
  }
}
