package org.graft.backbone;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.graft.common.Json;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;

/** The cards that come with Graft, as JSON on the class path. */
public final class BackboneCatalog {
  private static final String FOLDER = "cards/";

  /** Where a name with a colon is at home: {@code keras:VGG16}. */
  private static final List<String> HUBS = List.of("torchhub", "keras", "timm", "tfhub");

  /**
   * A line of the index.
   *
   * @param shortNames what the hubs call this weight set, after the hub's name and a colon
   */
  private record Entry(String name, List<String> shortNames) {}

  private BackboneCatalog() {}

  private static List<Entry> index() {
    return Arrays.asList(
        Json.read(resource("index.json"), Entry[].class, "the index of the cards"));
  }

  /** Sorted. */
  public static List<String> names() {
    return index().stream().map(Entry::name).sorted().toList();
  }

  /** Under which short names a card goes, too. */
  public static List<String> shortNames(String name) {
    return index().stream()
        .filter(entry -> entry.name().equals(name))
        .flatMap(entry -> entry.shortNames().stream())
        .toList();
  }

  /** Whether {@code text} is of the form of a short name. */
  public static boolean isShortName(String text) {
    return HUBS.stream().anyMatch(hub -> text.startsWith(hub + ":"));
  }

  /**
   * @param name the card's own, or a short one
   * @throws UserError with the nearest name, if there is no such card
   */
  public static BackboneCard card(String name) {
    List<Entry> index = index();
    String own =
        index.stream()
            .filter(entry -> entry.name().equals(name) || entry.shortNames().contains(name))
            .findFirst()
            .map(Entry::name)
            .orElseThrow(() -> unknown(name, index));
    return read(resource(own + ".json"), "the card of " + own);
  }

  private static UserError unknown(String name, List<Entry> index) {
    List<String> all = new ArrayList<>();
    index.forEach(
        entry ->
            Stream.concat(Stream.of(entry.name()), entry.shortNames().stream()).forEach(all::add));
    return new UserError(
        "Cannot find backbone '%s': there is no such card.%s `graft backbones list` shows all %d."
            .formatted(name, NearestMatch.hint(name, all), index.size()));
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
