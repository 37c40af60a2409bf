package org.graft.text;

/** Splits texts into the tokens of one vocabulary. Thread-safe. */
public interface Tokenizer extends AutoCloseable {
  /** All tokens of a text, however many, with the special ones around it. */
  Tokens encode(String text);

  /** Of two texts that the network sees side by side. */
  Tokens encode(String first, String second);

  @Override
  void close();
}
