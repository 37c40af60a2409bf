package org.graft.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.graft.weights.Downloads;
import org.graft.weights.WeightCache;
import org.graft.weights.WeightFetcher;
import org.graft.weights.WeightFetcher.Patience;
import org.graft.weights.WeightFetcher.Progress;
import org.graft.weights.WeightSource;

/** What {@code mvn verify -Pdata} brings, for tests with the tag {@link #TAG}. */
public final class RealData {
  public static final String TAG = "data";

  private static final Patience SHORT =
      new Patience(1, Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(30));

  private RealData() {}

  /**
   * What a package of Debian has.
   *
   * @param path without the first slash
   */
  public static Path debian(String name, String path) {
    Path file = Path.of(System.getProperty("graft.debian", "target/data/debian"), name, path);
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          "Cannot find %s: Debian's package %s is not there. Run mvn verify -Pdata, or unpack the package and name the folder that holds %s by -Dgraft.debian."
              .formatted(file, name, name));
    }
    return file;
  }

  /** A resource of an artifact of Maven's, as a file with the right digest. */
  public static Path resource(WeightSource source, Path folder) throws IOException {
    Downloads downloads = new Downloads(folder, "", true);
    return new WeightCache(folder, new WeightFetcher(downloads, SHORT, Progress.NONE, Map.of()))
        .get(source);
  }
}
