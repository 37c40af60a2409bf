package org.graft;

/** A format in which the whole network, backbone and head, is published beside the bundle's own. */
public enum Export {
  /** DL4J's zip. */
  DL4J,
  ONNX
}
