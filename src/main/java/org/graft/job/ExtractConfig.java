package org.graft.job;

import org.graft.common.Problems;

/**
 * @param partitions tasks to spread the samples over; 0: by their number and the cluster's cores
 * @param readers files that a task reads at once, ahead of the decoding
 * @param views of each training picture: itself, and so many less one that are cut, mirrored and
 *     coloured by chance
 */
public record ExtractConfig(int partitions, int readers, int views) implements Checked {
  static final ExtractConfig DEFAULTS = new ExtractConfig(0, 4, 1);

  @Override
  public void check(Problems problems, String path) {
    problems.check(
        partitions >= 0, "'%spartitions' is %d: it must not be negative", path, partitions);
    problems.check(
        readers > 0 && readers <= 64, "'%sreaders' is %d: it must be 1 to 64", path, readers);
    problems.check(views > 0 && views <= 64, "'%sviews' is %d: it must be 1 to 64", path, views);
  }
}
