package org.graft.spark;

/**
 * A few samples of a source, to rehearse a job on.
 *
 * @param rows of the source, good or bad
 * @param exact whether they were counted; else estimated from the length of its files
 * @param first samples, and others: the same where the source has no more
 * @param indexSeconds that the first took to be found and indexed, as a whole job
 * @param hashSeconds that a row takes to be read and hashed by one processor
 */
public record Sampled(
    long rows, boolean exact, Index first, Index second, double indexSeconds, double hashSeconds) {}
