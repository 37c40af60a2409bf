package org.graft.inspect;

/**
 * How samples are looked at.
 *
 * @param cosine of their features, less the mean of all, from which on two samples are nearly the
 *     same; above 0 to 1
 * @param most examples of each kind that the summary and the page name
 */
public record InspectOptions(double cosine, int most) {}
