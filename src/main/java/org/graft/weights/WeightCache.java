package org.graft.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.graft.common.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of published weight files, shared by all runs of a user. A file appears in it whole and
 * with the right digest, or not at all; of several processes one fetches and the others wait.
 */
public final class WeightCache {
  private static final Logger LOG = LoggerFactory.getLogger(WeightCache.class);

  /** Locks on files hold between processes only; this one holds between threads. */
  private static final Object THREADS = new Object();

  private final Path folder;
  private final WeightFetcher fetcher;

  public WeightCache(Path folder, WeightFetcher fetcher) {
    this.folder = folder;
    this.fetcher = fetcher;
  }

  /**
   * {@code $GRAFT_CACHE}, or {@code .cache/graft/weights} in the user's home.
   *
   * @param environment usually {@link System#getenv()}
   */
  public static Path defaultFolder(Map<String, String> environment) {
    String folder = environment.getOrDefault("GRAFT_CACHE", "");
    return folder.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache", "graft", "weights")
        : Path.of(folder);
  }

  /**
   * The local copy, fetched if it is not there yet.
   *
   * @throws UserError if no location gives the file; the message lists what was tried
   */
  public Path get(WeightSource source) throws IOException {
    Path file = folder.resolve(source.file());
    if (isWhole(file, source)) {
      return file;
    }
    try {
      Files.createDirectories(folder);
      synchronized (THREADS) {
        return fetchAlone(source, file);
      }
    } catch (FileSystemException e) {
      throw new UserError(
          "Cannot keep weights in the cache folder %s: %s. Set GRAFT_CACHE to a writable folder."
              .formatted(folder, WeightFetcher.reason(e)),
          e);
    }
  }

  private Path fetchAlone(WeightSource source, Path file) throws IOException {
    Path lock = folder.resolve("." + source.file() + ".lock");
    try (FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock(); // ends with the channel
      if (isWhole(file, source)) {
        return file;
      }
      if (Files.exists(file)) {
        LOG.warn("{} is not what was published: {}; fetching it again", file, wrong(file, source));
      }
      Path part = folder.resolve(source.file() + ".part");
      fetcher.fetch(source, part);
      if (!source.hasDigest()) {
        Files.writeString(note(file), Sha256.of(part) + "\n");
      }
      return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static boolean isWhole(Path file, WeightSource source) throws IOException {
    return Files.isRegularFile(file) && wrong(file, source) == null;
  }

  /**
   * A file whose publisher gives no digest is held against the one that it had when it was fetched;
   * one that somebody put there himself, against nothing.
   */
  private static String wrong(Path file, WeightSource source) throws IOException {
    Path noted = note(file);
    return source.hasDigest() || !Files.exists(noted)
        ? source.mismatch(file)
        : source.withSha256(Files.readString(noted).strip()).mismatch(file);
  }

  private static Path note(Path file) {
    return file.resolveSibling(file.getFileName() + ".sha256");
  }
}
