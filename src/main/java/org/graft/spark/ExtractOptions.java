package org.graft.spark;

import java.util.List;
import java.util.stream.IntStream;
import org.graft.image.View;
import org.graft.sample.SampleLimits;

/**
 * @param partitions tasks; 0: chosen by the number of samples and the cluster's cores
 * @param readers reads that a task has under way at once
 * @param limits of what a sample may declare
 * @param views of each training picture: itself, and others by {@link View}
 * @param seed that the views are drawn by
 */
public record ExtractOptions(
    int partitions, int readers, SampleLimits limits, int views, long seed) {
  /** Pictures as they are. */
  public ExtractOptions(int partitions, int readers, SampleLimits limits) {
    this(partitions, readers, limits, 1, 0);
  }

  /** The same without views. */
  public ExtractOptions plain() {
    return new ExtractOptions(partitions, readers, limits);
  }

  List<View> others() {
    return IntStream.range(1, views).mapToObj(number -> new View(seed, number)).toList();
  }
}
