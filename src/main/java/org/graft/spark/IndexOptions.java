package org.graft.spark;

import java.util.List;
import org.graft.sample.DayRange;
import org.graft.sample.SampleSource;
import org.graft.sample.Splitter;

/**
 * @param labels the classes in their order, or empty for those that occur
 * @param maxBytes most bytes of one sample
 * @param columns of the source that are kept with each sample, beside labels and split
 * @param numbers whether labels are numbers, one a sample
 * @param labelled whether a sample without a label is rejected; else any labels will do
 * @param days whose samples are taken; null: all, whether they have a day or not
 */
public record IndexOptions(
    SampleSource source,
    boolean multiLabel,
    List<String> labels,
    Splitter splitter,
    long maxBytes,
    List<String> columns,
    boolean labelled,
    boolean numbers,
    DayRange days) {

  public IndexOptions(
      SampleSource source,
      boolean multiLabel,
      List<String> labels,
      Splitter splitter,
      long maxBytes) {
    this(source, multiLabel, labels, splitter, maxBytes, List.of(), true, false, null);
  }
}
