package org.graft.job;

import org.graft.common.Problems;

/**
 * Where else the run is told of: MLflow's tracking server. Secrets are in the environment.
 *
 * @param trackingUri http or https; empty: nowhere
 * @param experiment empty: called like the job
 * @param model whether the bundle's files are sent, too
 */
public record MlflowConfig(String trackingUri, String experiment, boolean model)
    implements Checked {
  static final MlflowConfig DEFAULTS = new MlflowConfig("", "", true);

  @Override
  public void check(Problems problems, String path) {
    problems.check(
        trackingUri.isEmpty() || trackingUri.matches("https?://[^/@\\s]+(/[^@\\s]*)?"),
        "'%strackingUri' is '%s': it must begin with http:// or https:// and hold no user or password, which are read from MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD",
        path,
        hidden(trackingUri));
  }

  private static String hidden(String uri) {
    return uri.replaceFirst("//[^/]*@", "//...@");
  }
}
