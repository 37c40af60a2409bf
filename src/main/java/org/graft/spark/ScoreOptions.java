package org.graft.spark;

import org.graft.sample.SampleLimits;

/**
 * @param topK labels that are listed for each sample
 * @param rejectedLimit share of the samples that may be rejected
 */
public record ScoreOptions(
    int topK,
    int partitions,
    int readers,
    SampleLimits limits,
    long maxBytes,
    double rejectedLimit) {}
