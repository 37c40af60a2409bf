package org.graft.weights;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.graft.common.UserError;

/**
 * Fetches a published file from the first location that has it. A broken download is taken up where
 * it broke; what comes out has the right digest.
 */
public final class WeightFetcher {
  private static final String CLASSPATH = "classpath:";

  /**
   * How patient a fetch is.
   *
   * @param attempts at each location
   * @param pause before the second attempt; doubled for each further one
   * @param connect the longest wait for a connection
   * @param stall the longest time without a byte
   */
  public record Patience(int attempts, Duration pause, Duration connect, Duration stall) {
    public static final Patience DEFAULT =
        new Patience(4, Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(60));
  }

  /** Hears how far a download is; called from other threads, often. */
  public interface Progress {
    Progress NONE = (bytes, total) -> {};

    /**
     * @param total -1 if unknown
     */
    void at(long bytes, long total);
  }

  private final Downloads downloads;
  private final Patience patience;
  private final HttpDownload http;

  /**
   * @param environment for proxies and the hubs' own settings, usually {@link System#getenv()}
   */
  public WeightFetcher(
      Downloads downloads, Patience patience, Progress progress, Map<String, String> environment) {
    this.downloads = downloads;
    this.patience = patience;
    this.http = new HttpDownload(patience, progress, environment);
  }

  /**
   * @param part where the bytes go; what an earlier fetch left there is taken up if the source's
   *     digest is known, so that it can be told from something else
   * @throws UserError if no location gives the file, listing each with its cause; {@code part} then
   *     holds at most an unfinished download
   * @throws FileSystemException if {@code part} cannot be written
   */
  void fetch(WeightSource source, Path part) throws IOException {
    List<String> causes = new ArrayList<>();
    for (String location : downloads.places(source.locations())) {
      if (!source.hasDigest()) {
        Files.deleteIfExists(part);
      }
      try {
        fetch(source, location, part);
        return;
      } catch (FileSystemException | InterruptedIOException e) {
        throw e;
      } catch (IOException | IllegalArgumentException e) {
        causes.add("%n  - %s: %s".formatted(location, reason(e)));
      }
    }
    throw new UserError(
        "Cannot fetch the weights %s:%s%nGive a local copy with -s backbone.weights=FILE, or put it at %s."
            .formatted(
                source.file(),
                causes.isEmpty() ? " no source is known" : String.join("", causes),
                part.resolveSibling(source.file())));
  }

  private void fetch(WeightSource source, String location, Path part) throws IOException {
    boolean resumed = Files.exists(part);
    String wrong = transfer(source, location, part).mismatch(part);
    if (wrong != null && resumed) {
      Files.delete(part);
      wrong = transfer(source, location, part).mismatch(part);
    }
    if (wrong != null) {
      Files.delete(part);
      throw new IOException(wrong);
    }
  }

  /** Gives the source back, with the digest that the server announced where it has none. */
  private WeightSource transfer(WeightSource source, String location, Path part)
      throws IOException {
    if (location.startsWith(CLASSPATH)) {
      copy(location.substring(CLASSPATH.length()), part);
      return source;
    }
    if (location.startsWith(ArchiveEntry.SCHEME)) {
      return transfer(source, ArchiveEntry.of(location), part);
    }
    URI uri = URI.create(location);
    switch (String.valueOf(uri.getScheme())) {
      case "http", "https" -> {
        if (downloads.offline()) {
          throw new IOException("not asked: weights.offline is set");
        }
        String announced = download(uri, part, source.bytes());
        return source.hasDigest() ? source : source.withSha256(announced);
      }
      case "file" -> copy(Path.of(uri), part);
      default -> throw new IOException("its kind is not one of https, http, file, classpath, jar");
    }
    return source;
  }

  /** Fetches the archive whole, beside {@code part}, and takes the entry out. */
  private WeightSource transfer(WeightSource source, ArchiveEntry entry, Path part)
      throws IOException {
    Path archive = part.resolveSibling(part.getFileName() + ".jar");
    try {
      transfer(new WeightSource(source.file(), List.of(), null, null), entry.archive(), archive);
      entry.extract(archive, part, source.bytes());
      return source;
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private static void copy(String resource, Path part) throws IOException {
    try (InputStream in = WeightFetcher.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException("not on the class path");
      }
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void copy(Path file, Path part) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new FileNotFoundException("no such file, or not readable");
    }
    Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
  }

  private String download(URI uri, Path part, Long bytes) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return http.run(uri, part, bytes == null ? Long.MAX_VALUE : bytes);
      } catch (FileSystemException | InterruptedIOException | HttpDownload.RefusedException e) {
        throw e;
      } catch (IOException e) {
        if (attempt >= patience.attempts) {
          throw e;
        }
        pause(patience.pause.multipliedBy(1L << (attempt - 1)));
      }
    }
  }

  private static void pause(Duration time) throws InterruptedIOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted between two attempts");
    }
  }

  /** The message, led by the exception's name where it is not our own and may need it. */
  static String reason(Exception e) {
    boolean own =
        e.getClass() == IOException.class
            || e instanceof HttpDownload.RefusedException
            || e instanceof FileNotFoundException;
    String name = e.getClass().getSimpleName();
    return own ? e.getMessage() : e.getMessage() == null ? name : name + ": " + e.getMessage();
  }
}
