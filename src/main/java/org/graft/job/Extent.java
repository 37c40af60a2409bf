package org.graft.job;

/**
 * How much there is to do.
 *
 * @param samples of the source; where it is not indexed yet, copies and bad ones among them
 * @param exact whether they were counted; else estimated
 * @param indexed whether the index is there already
 * @param pending samples whose features are not stored; where it is not indexed yet, by the share
 *     of those that were looked at
 */
record Extent(long samples, boolean exact, boolean indexed, long pending) {}
