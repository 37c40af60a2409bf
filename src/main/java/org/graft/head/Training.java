package org.graft.head;

/**
 * A head, and how it came to be.
 *
 * @param backbone weights of the network below it, where they were trained, too: a safetensors
 *     file; null where the network stayed as it was
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Training(TrainedHead head, TrainingHistory history, byte[] backbone) {
  /** Of a head on a frozen network. */
  public Training(TrainedHead head, TrainingHistory history) {
    this(head, history, null);
  }
}
