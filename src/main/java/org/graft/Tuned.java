package org.graft;

import org.graft.spark.BackboneChoice;
import org.graft.spark.Trainer.Trained;

/**
 * A network with a trained tail, and the head that was trained with it.
 *
 * @param backbone with weights, and a card, of its own
 * @param trained takes that network's features
 */
public record Tuned(BackboneChoice backbone, Trained trained) {}
