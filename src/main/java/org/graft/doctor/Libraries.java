package org.graft.doctor;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.graft.engine.codec.TurboJpegCodec;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.engine.tokenizer.HuggingFaceTokenizers;

/** Native libraries: each is loaded and asked its name. */
final class Libraries {
  private static final String PLATFORM =
      "Use Linux on x86-64, with glibc; see 'temporary files' above; build Graft on the kind of machine that runs it.";

  private static final String NO_WORDS =
      "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{},\"unk_token\":\"\"}}";

  private Libraries() {}

  static List<Finding> all() {
    return List.of(
        needed("dl4j", () -> new Dl4jBackboneLoader().engine()),
        needed("onnxruntime", () -> new OnnxBackboneLoader().engine()),
        wanted("jpeg", () -> new TurboJpegCodec().name(), "Pictures are decoded by Java, slower."),
        wanted("tokenizers", Libraries::tokenizers, "Texts cannot be used."));
  }

  private static String tokenizers() {
    HuggingFaceTokenizers library = new HuggingFaceTokenizers();
    library
        .load(NO_WORDS.getBytes(StandardCharsets.US_ASCII), "a vocabulary without words")
        .close();
    return library.version();
  }

  static Finding needed(String name, Supplier<String> library) {
    return look(name, library, Finding.Health.FAILURE, PLATFORM);
  }

  static Finding wanted(String name, Supplier<String> library, String price) {
    return look(name, library, Finding.Health.WARNING, price + " " + PLATFORM);
  }

  private static Finding look(
      String name, Supplier<String> library, Finding.Health otherwise, String fix) {
    try {
      return Finding.ok(name, library.get());
    } catch (RuntimeException | LinkageError e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return new Finding(name, otherwise, "cannot be loaded: " + cause, fix);
    }
  }
}
