package org.graft.job;

import org.graft.common.Location;
import org.graft.weights.Downloads;

/**
 * How published weights come to the driver; what is empty or false here may be said by the
 * environment, see {@link Downloads#of}.
 */
public record WeightsConfig(@Location String cache, String mirror, boolean offline) {
  static final WeightsConfig DEFAULTS = new WeightsConfig("", "", false);

  Downloads downloads() {
    return Downloads.of(System.getenv()).with(cache, mirror, offline);
  }
}
