package org.graft.bundle;

/**
 * What a training began with, where it was asked to begin with the version in use.
 *
 * @param training fingerprint of the training itself, which names its head in the workspace
 * @param version that it began with; null: it began afresh
 * @param headSha256 of that version's head; null likewise
 * @param startTraining fingerprint of that version's training; null where that is not known
 */
public record Lineage(String training, Integer version, String headSha256, String startTraining) {
  /** What of the beginning shapes the head; empty where there was none. */
  public String start() {
    return version == null
        ? ""
        : "from %s %s".formatted(headSha256, startTraining == null ? "" : startTraining);
  }

  /** The same beginning, of this training. */
  public Lineage of(String newTraining) {
    return new Lineage(newTraining, version, headSha256, startTraining);
  }
}
