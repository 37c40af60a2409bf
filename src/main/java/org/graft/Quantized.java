package org.graft;

import org.graft.spark.BackboneChoice;
import org.graft.spark.PrecisionReport;

/**
 * A network in fewer bits.
 *
 * @param report what it loses; whether that is too much is for the caller to ask
 */
public record Quantized(BackboneChoice backbone, PrecisionReport report) {}
