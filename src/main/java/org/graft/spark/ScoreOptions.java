package org.graft.spark;

import org.graft.sample.DayRange;
import org.graft.sample.SampleLimits;

/**
 * @param topK labels that are listed for each sample
 * @param rejectedLimit share of the samples that may be rejected
 * @param days whose samples are scored; null: all
 */
public record ScoreOptions(
    int topK,
    int partitions,
    int readers,
    SampleLimits limits,
    long maxBytes,
    double rejectedLimit,
    DayRange days) {}
