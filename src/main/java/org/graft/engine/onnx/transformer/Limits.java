package org.graft.engine.onnx.transformer;

/** The largest sizes that a configuration may ask for; published networks have a tenth of them. */
final class Limits {
  static final int WIDTH = 1 << 16;
  static final int HEADS = 1 << 10;
  static final int LAYERS = 1 << 10;
  static final int INNER = 1 << 20;
  static final int VOCABULARY = 1 << 23;
  static final int POSITIONS = 1 << 20;
  static final int TYPES = 1 << 10;
  static final int DISTANCE = 1 << 12;

  private Limits() {}
}
