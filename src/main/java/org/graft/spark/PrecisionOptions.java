package org.graft.spark;

/**
 * How a network in fewer bits is made, and what it may cost.
 *
 * @param calibration training samples that show which values occur inside the network
 * @param probe training samples, others if there are enough, on which it is compared with float32:
 *     half of them train a head, the others test it
 * @param tolerance the most accuracy that the head may lose, as a share of the samples
 */
public record PrecisionOptions(int calibration, int probe, double tolerance) {}
