package org.graft.spark;

/**
 * @param partitions tasks; 0: chosen by the number of samples and the cluster's cores
 * @param decoders threads a task that read and decode
 * @param maxPixels most pixels that a picture may declare
 */
public record ExtractOptions(int partitions, int decoders, long maxPixels) {}
