package org.graft.spark;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Where things are in a workspace. Folders named by a fingerprint hold what that fingerprint
 * determines, and count only once their manifest is there.
 *
 * @param root any Hadoop path
 * @param used what was asked for by fingerprint, as names below the root: a run needs no more
 */
public record Workspace(String root, Set<String> used) {
  public Workspace(String root) {
    this(root, new ConcurrentSkipListSet<>());
  }

  private String use(String name) {
    used.add(name);
    return root + "/" + name;
  }

  public String index(String fingerprint) {
    return use("index/" + fingerprint);
  }

  public String features(String fingerprint) {
    return use("features/" + fingerprint);
  }

  /** Of a network with this fingerprint: a file. */
  public String calibration(String fingerprint) {
    return use("calibrations/" + fingerprint + ".json");
  }

  public String head(String fingerprint) {
    return use("heads/" + fingerprint);
  }

  /** While the head is being trained. */
  public String checkpoints(String fingerprint) {
    return head(fingerprint) + "/checkpoints";
  }

  public String runs() {
    return root + "/runs";
  }

  public String run(String runId) {
    return runs() + "/" + runId;
  }

  public String models() {
    return root + "/models";
  }

  /** Of the whole workspace. */
  public String lock() {
    return root + "/locks";
  }
}
