package org.graft.job;

import org.graft.common.Problems;
import org.graft.inspect.InspectOptions;

/**
 * Whether samples are looked at before a head is trained, see {@link InspectOptions}.
 *
 * @param cosine of features from which on two samples are nearly the same
 * @param most examples of each kind in the summary and the page
 */
public record DataDoctorConfig(boolean enabled, double cosine, int most) implements Checked {
  static final DataDoctorConfig DEFAULTS = new DataDoctorConfig(false, 0.95, 50);

  @Override
  public void check(Problems problems, String path) {
    problems.check(
        cosine >= 0.5 && cosine <= 1, "'%scosine' is %s: it must be 0.5 to 1", path, cosine);
    problems.check(most > 0 && most <= 10_000, "'%smost' is %d: it must be 1 to 10000", path, most);
  }

  InspectOptions options() {
    return new InspectOptions(cosine, most);
  }
}
