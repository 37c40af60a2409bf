package org.graft.text;

import java.util.ServiceLoader;

/** What runs tokenizers, found by {@link ServiceLoader}: the core knows none by name. */
public interface TokenizerLibrary {
  /**
   * @param json a Hugging Face {@code tokenizer.json}
   * @param what names it in errors
   * @throws org.graft.common.UserError if it is none
   */
  Tokenizer load(byte[] json, String what);

  /** Its name and version: equal ones give equal tokens. */
  String version();

  /** The one that is installed. */
  static TokenizerLibrary installed() {
    return ServiceLoader.load(TokenizerLibrary.class, TokenizerLibrary.class.getClassLoader())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no tokenizer library is installed"));
  }
}
