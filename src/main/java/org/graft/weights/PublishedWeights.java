package org.graft.weights;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.graft.common.Digest;
import org.graft.common.UserError;

/**
 * Weight files that others publish, brought into the cache: those of cards, and any file by its
 * address, with the files that belong to it.
 */
public final class PublishedWeights {
  private final Downloads downloads;
  private final WeightFetcher fetcher;
  private final Map<String, String> environment;

  /**
   * @param environment for proxies and the hubs' own settings, usually {@link System#getenv()}
   */
  public PublishedWeights(
      Downloads downloads,
      WeightFetcher.Patience patience,
      WeightFetcher.Progress progress,
      Map<String, String> environment) {
    this.downloads = downloads;
    this.environment = environment;
    this.fetcher = new WeightFetcher(downloads, patience, progress, environment);
  }

  /** Whether {@code text} is an address that {@link #get(String, String)} takes, and not a path. */
  public static boolean isAddress(String text) {
    return text.matches("(?i)(https?|hf)://.*");
  }

  /**
   * The local copy of a card's file.
   *
   * @throws UserError if no location gives it; the message lists what was tried
   */
  public Path get(WeightSource source) throws IOException {
    return new WeightCache(downloads.cache(), fetcher).get(source);
  }

  /** Whether {@link #get(WeightSource)} needs to fetch nothing; looks at the file's name only. */
  public boolean isCached(WeightSource source) {
    return Files.isRegularFile(downloads.cache().resolve(source.file()));
  }

  /**
   * The local copy of any file.
   *
   * @param address {@code https://…}, {@code http://…} or {@code hf://org/repo[@revision]/file}
   * @param sha256 of the file, or its leading digits; null if unknown
   * @throws UserError if it cannot be fetched
   */
  public Path get(String address, String sha256) throws IOException {
    String url =
        address.startsWith(HuggingFace.SCHEME) ? HuggingFace.of(address).url(environment) : address;
    Place place = Place.of(url);
    WeightCache cache = new WeightCache(downloads.cache().resolve(place.folder()), fetcher);
    Path file = cache.get(new WeightSource(place.file(), List.of(url), sha256, null));
    String folder = url.replaceFirst("[^/]*$", "");
    for (int round = 0; round < WeightFormat.COMPANION_ROUNDS; round++) {
      for (String companion : WeightFormat.companions(file)) {
        int slash = companion.lastIndexOf('/') + 1;
        new WeightCache(file.resolveSibling(companion).getParent(), fetcher)
            .get(
                new WeightSource(
                    companion.substring(slash), List.of(folder + companion), null, null));
      }
    }
    return file;
  }

  /**
   * Where a file from anywhere lies in the cache: files of one folder of a server stay together.
   *
   * @param folder the host and a digest of the server's folder
   */
  private record Place(String folder, String file) {
    static Place of(String url) {
      URI uri;
      try {
        uri = URI.create(url);
      } catch (IllegalArgumentException e) {
        throw new UserError(
            "Cannot read the address '%s': it is no URL. Escape blanks as %%20.".formatted(url), e);
      }
      String path = String.valueOf(uri.getRawPath());
      String file = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._+@-]", "_");
      if (uri.getHost() == null || !file.matches("[A-Za-z0-9_].*")) {
        throw new UserError(
            "Cannot read the address '%s': it names no file of a server. Give https://HOST/PATH/FILE."
                .formatted(url));
      }
      String above = path.substring(0, path.lastIndexOf('/'));
      return new Place(uri.getHost() + "-" + Digest.of(above).substring(0, 12), file);
    }
  }
}
