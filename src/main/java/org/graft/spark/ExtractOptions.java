package org.graft.spark;

/**
 * @param partitions tasks; 0: chosen by the number of samples and the cluster's cores
 * @param readers reads that a task has under way at once
 * @param maxPixels most pixels that a picture may declare
 */
public record ExtractOptions(int partitions, int readers, long maxPixels) {}
