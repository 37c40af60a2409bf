package org.graft.genuine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.graft.common.UserError;
import org.graft.weights.Downloads;
import org.graft.weights.WeightCache;
import org.graft.weights.WeightFetcher;
import org.graft.weights.WeightFetcher.Patience;
import org.graft.weights.WeightFetcher.Progress;
import org.graft.weights.WeightSource;
import org.junit.jupiter.api.Assumptions;

/**
 * The genuine networks in npm's nsfwjs 4.4.0 (MIT): TensorFlow.js layers models, {@code uint8},
 * which its authors packed into JavaScript. Fetched once, into the cache of Graft's weights; or
 * {@code -Dgraft.genuine=FOLDER} names a folder that holds the package.
 */
final class Nsfwjs {
  private static final WeightSource PACKAGE =
      new WeightSource(
          "nsfwjs-4.4.0.tgz",
          List.of("https://registry.npmjs.org/nsfwjs/-/nsfwjs-4.4.0.tgz"),
          "585cd178f3b994337c4d10a87b080d342fc52f8b9bf0085c4d1f345a3a1c5382",
          24_973_068L);

  private static final Patience SHORT =
      new Patience(2, Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(30));

  /** Browserify's frame around a module's only statement. */
  private static final Pattern EXPORTED =
      Pattern.compile(
          "\\{1:\\[function\\(\\w,\\w,\\w\\)\\{\\w\\.exports=(.*)},\\{}]},\\{},\\[1]\\)\\(1\\)}\\);\\s*$",
          Pattern.DOTALL);

  private Nsfwjs() {}

  /**
   * Writes a model as TensorFlow.js has it: {@code model.json}, and beside it the shards that it
   * names.
   *
   * @param model {@code mobilenet_v2} or {@code inception_v3}
   */
  static void unpack(String model, Path folder) throws IOException {
    String prefix = "package/dist/models/" + model + "/";
    try (InputStream file = Files.newInputStream(fetched());
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      TarArchiveEntry entry;
      while ((entry = tar.getNextTarEntry()) != null) {
        if (entry.getName().startsWith(prefix)) {
          String name = entry.getName().substring(prefix.length()).replace(".min.js", "");
          String exported = exported(new String(tar.readAllBytes(), StandardCharsets.US_ASCII));
          if (name.equals("model")) {
            Files.writeString(folder.resolve("model.json"), json(exported));
          } else {
            String base64 = exported.substring(1, exported.length() - 1);
            Files.write(folder.resolve(name), Base64.getDecoder().decode(base64));
          }
        }
      }
    }
  }

  private static Path fetched() throws IOException {
    String local = System.getProperty("graft.genuine", "");
    if (!local.isEmpty()) {
      return Path.of(local).resolve(PACKAGE.file());
    }
    Downloads downloads = Downloads.of(System.getenv());
    WeightFetcher fetcher = new WeightFetcher(downloads, SHORT, Progress.NONE, System.getenv());
    try {
      return new WeightCache(downloads.cache(), fetcher).get(PACKAGE);
    } catch (UserError e) {
      boolean unreachable = !e.getMessage().matches("(?s).*(SHA-256|bytes, expected).*");
      Assumptions.assumeFalse(unreachable, e.getMessage());
      throw e;
    }
  }

  private static String exported(String module) {
    Matcher matcher = EXPORTED.matcher(module);
    if (!matcher.find()) {
      throw new IllegalStateException("no module: " + module.substring(0, 80));
    }
    return matcher.group(1);
  }

  /** A minified object literal; its strings hold neither colons nor exclamation marks. */
  private static String json(String literal) {
    return literal
        .replaceAll("([{,])(\\w+):", "$1\"$2\":")
        .replace("!0", "true")
        .replace("!1", "false")
        .replaceAll("([:\\[,]-?)\\.(\\d)", "$10.$2");
  }
}
