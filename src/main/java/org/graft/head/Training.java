package org.graft.head;

/** A head, and how it came to be. */
public record Training(TrainedHead head, TrainingHistory history) {}
