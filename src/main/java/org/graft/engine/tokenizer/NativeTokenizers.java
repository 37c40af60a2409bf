package org.graft.engine.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import org.graft.common.UserError;

/** The native library, loaded once a process, out of the jar. */
final class NativeTokenizers {
  /** Of DJL's jar: names the version of the native library. */
  private static final String PROPERTIES = "/native/lib/tokenizers.properties";

  private NativeTokenizers() {}

  /**
   * @throws UserError where there is none for this platform
   */
  static TokenizersLibrary library() {
    return Loaded.LIBRARY;
  }

  static String version() {
    Properties properties = new Properties();
    try (InputStream in = NativeTokenizers.class.getResourceAsStream(PROPERTIES)) {
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Loaded {
    static final TokenizersLibrary LIBRARY = load(resource());

    private static TokenizersLibrary load(String resource) {
      try (InputStream in = NativeTokenizers.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new UserError(
              "Cannot split texts into tokens: there is no native library for this platform (%s). Use Linux on x86-64 or ARM64, or macOS on ARM64."
                  .formatted(resource));
        }
        Path file = Files.createTempFile("graft-", "-" + resource.replaceAll(".*/", ""));
        try {
          Files.write(file, in.readAllBytes());
          System.load(file.toString());
        } finally {
          Files.delete(file); // the process keeps what it has mapped
        }
        return TokenizersLibrary.LIB;
      } catch (IOException e) {
        throw new UncheckedIOException("cannot load " + resource, e);
      }
    }

    private static String resource() {
      String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
      boolean arm = System.getProperty("os.arch").matches("aarch64|arm64");
      boolean mac = os.startsWith("mac");
      String platform = (mac ? "osx" : os) + (arm ? "-aarch64" : "-x86_64");
      String file = mac ? "libtokenizers.dylib" : "libtokenizers.so";
      return "/native/lib/%s/cpu/%s".formatted(platform, file);
    }
  }
}
