package org.graft.backbone;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.graft.common.Json;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;

/** The cards that come with Graft, as JSON on the class path. */
public final class BackboneCatalog {
  private static final String FOLDER = "cards/";

  private BackboneCatalog() {}

  /** Sorted. */
  public static List<String> names() {
    String[] names = Json.read(resource("index.json"), String[].class, "the index of the cards");
    return Arrays.stream(names).sorted().toList();
  }

  /**
   * @throws UserError with the nearest name, if there is no such card
   */
  public static BackboneCard card(String name) {
    List<String> names = names();
    if (!names.contains(name)) {
      throw new UserError(
          "Cannot find backbone '%s': the cards are %s.%s"
              .formatted(name, names, NearestMatch.hint(name, names)));
    }
    return read(resource(name + ".json"), "the card of " + name);
  }

  /**
   * A card of the user's own.
   *
   * @param what names the text in errors, for instance its path
   */
  public static BackboneCard read(byte[] json, String what) {
    return Json.read(json, BackboneCard.class, what);
  }

  private static byte[] resource(String name) {
    try (InputStream in = BackboneCatalog.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + FOLDER + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
