package org.graft.spark;

/**
 * @param partitions tasks; 0: chosen by the number of samples and the cluster's cores
 * @param decoders threads a task that read and decode
 * @param maxPixels most pixels that a picture may declare
 * @param rejectedLimit share of the source's samples that may be rejected, here and before
 */
public record ExtractOptions(int partitions, int decoders, long maxPixels, double rejectedLimit) {}
