package org.graft.engine.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.graft.common.Checks;
import org.graft.text.Tokenizer;
import org.graft.text.Tokens;

/** A tokenizer in the native library's memory; many threads may use it at once. */
final class NativeTokenizer implements Tokenizer {
  private final TokenizersLibrary library = NativeTokenizers.library();
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private final long handle;
  private boolean closed;

  NativeTokenizer(long handle) {
    this.handle = handle;
  }

  @FunctionalInterface
  private interface Encoding {
    long of(long tokenizer);
  }

  @Override
  public Tokens encode(String text) {
    return tokens(tokenizer -> library.encode(tokenizer, text, true));
  }

  @Override
  public Tokens encode(String first, String second) {
    return tokens(tokenizer -> library.encodeDual(tokenizer, first, second, true));
  }

  private Tokens tokens(Encoding encoding) {
    open.readLock().lock();
    try {
      Checks.state(!closed, "the tokenizer is closed");
      long encoded = encoding.of(handle);
      try {
        return new Tokens(
            library.getTokenIds(encoded),
            library.getTypeIds(encoded),
            flags(library.getSpecialTokenMask(encoded)));
      } finally {
        library.deleteEncoding(encoded);
      }
    } finally {
      open.readLock().unlock();
    }
  }

  private static boolean[] flags(long[] mask) {
    boolean[] flags = new boolean[mask.length];
    for (int i = 0; i < mask.length; i++) {
      flags[i] = mask[i] != 0;
    }
    return flags;
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        library.deleteTokenizer(handle);
      }
    } finally {
      open.writeLock().unlock();
    }
  }
}
