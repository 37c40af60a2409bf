package org.graft.head;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * A head, and how it came to be.
 *
 * @param parts what else is to be kept beside the head
 */
public record Training(TrainedHead head, TrainingHistory history, List<Part> parts) {
  /** A file. */
  public record Part(String name, Content content) {}

  /** Written when it is asked for, so that large ones are not in memory twice. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  public Training {
    parts = List.copyOf(parts);
  }

  /** Of a head alone. */
  public Training(TrainedHead head, TrainingHistory history) {
    this(head, history, List.of());
  }
}
