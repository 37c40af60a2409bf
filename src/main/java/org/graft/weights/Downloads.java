package org.graft.weights;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.graft.common.UserError;

/**
 * How published weight files come to this machine.
 *
 * @param cache the folder that keeps them
 * @param mirror tried before the publisher, as {@code MIRROR/HOST/PATH}: {@code https://…}, {@code
 *     http://…} or {@code file:///…}; empty: none
 * @param offline nothing is fetched over a network; a mirror on a file system is still asked
 */
public record Downloads(Path cache, String mirror, boolean offline) {
  private static final String KINDS = "(https?|file)://.*";

  public Downloads {
    mirror = mirror.replaceFirst("/+$", "");
    if (!mirror.isEmpty() && !mirror.matches(KINDS)) {
      throw new UserError(
          "Cannot use the mirror '%s': it is neither https://, http:// nor file:///. Correct weights.mirror."
              .formatted(mirror));
    }
  }

  /**
   * What {@code GRAFT_CACHE}, {@code GRAFT_MIRROR} and {@code GRAFT_OFFLINE} say, or the defaults.
   *
   * @param environment usually {@link System#getenv()}
   */
  public static Downloads of(Map<String, String> environment) {
    return new Downloads(
        WeightCache.defaultFolder(environment),
        environment.getOrDefault("GRAFT_MIRROR", ""),
        List.of("1", "true").contains(environment.getOrDefault("GRAFT_OFFLINE", "")));
  }

  /** This, but for what is set: empty texts and false change nothing. */
  public Downloads with(String otherCache, String otherMirror, boolean alsoOffline) {
    return new Downloads(
        otherCache.isEmpty() ? cache : Path.of(otherCache),
        otherMirror.isEmpty() ? mirror : otherMirror,
        offline || alsoOffline);
  }

  /** Where to look for what is published at {@code locations}, in turn. */
  List<String> places(List<String> locations) {
    List<String> places = new ArrayList<>();
    for (String location : locations) {
      if (!mirror.isEmpty() && location.matches("(jar:)?https?://.*")) {
        String archive = location.startsWith("jar:") ? "jar:" : "";
        URI uri = URI.create(location.substring(archive.length()));
        places.add(archive + mirror + "/" + uri.getHost() + uri.getRawPath());
      }
    }
    places.addAll(locations);
    return places;
  }
}
