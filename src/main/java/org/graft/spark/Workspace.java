package org.graft.spark;

/**
 * Where things are in a workspace. Folders named by a fingerprint hold what that fingerprint
 * determines, and count only once their manifest is there.
 *
 * @param root any Hadoop path
 */
public record Workspace(String root) {
  public String index(String fingerprint) {
    return root + "/index/" + fingerprint;
  }

  public String features(String fingerprint) {
    return root + "/features/" + fingerprint;
  }

  /** Of a network with this fingerprint: a file. */
  public String calibration(String fingerprint) {
    return root + "/calibrations/" + fingerprint + ".json";
  }

  public String head(String fingerprint) {
    return root + "/heads/" + fingerprint;
  }

  /** While the head is being trained. */
  public String checkpoints(String fingerprint) {
    return head(fingerprint) + "/checkpoints";
  }

  public String run(String runId) {
    return root + "/runs/" + runId;
  }

  public String models() {
    return root + "/models";
  }
}
