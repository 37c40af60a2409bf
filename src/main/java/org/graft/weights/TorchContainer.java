package org.graft.weights;

import java.io.IOException;

/** How a checkpoint keeps its pickle and its storages. */
interface TorchContainer {
  /** The longest pickle that is read; a state dict takes about 200 bytes a tensor. */
  long LONGEST_PICKLE = 64 << 20;

  /** What the pickle gave. */
  Object root();

  /**
   * The storage's first byte in the file.
   *
   * @throws org.graft.common.UserError if the storage is missing or shorter than it says
   */
  long locate(TorchTensor.Storage storage) throws IOException;
}
