package org.graft.spark;

/**
 * @param topK labels that are listed for each sample
 * @param rejectedLimit share of the samples that may be rejected
 */
public record ScoreOptions(
    int topK, int partitions, int readers, long maxPixels, long maxBytes, double rejectedLimit) {}
