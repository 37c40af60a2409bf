package org.graft.job;

import org.graft.BackboneOptions;
import org.graft.DeviceKind;
import org.graft.Engine;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.Location;
import org.graft.common.Problems;
import org.graft.image.JpegScaling;
import org.graft.weights.Downloads;

/**
 * @param weights a file to use in place of the card's, by path, address or short name; empty: the
 *     card's own
 * @param sha256 of the weight file, or its first digits; empty: the card's, or none for a file
 * @param batch pictures that go through the network at once
 */
public record BackboneConfig(
    @Location(ending = ".json") String card,
    String cut,
    String pooling,
    @Location String weights,
    String sha256,
    int batch,
    Engine engine,
    JpegScaling jpegScaling,
    DeviceKind device,
    int cardMemory)
    implements Checked {
  static final BackboneConfig DEFAULTS =
      new BackboneConfig(null, "", "", "", "", 8, Engine.AUTO, JpegScaling.NONE, DeviceKind.CPU, 0);

  @Override
  public void check(Problems problems, String path) {
    problems.check(
        batch > 0 && batch <= 1024, "'%sbatch' is %d: it must be 1 to 1024", path, batch);
    problems.check(
        pooling.isEmpty() || poolingOf(pooling) != null,
        "'%spooling' is '%s': it must be one of [avg, max, none, first, last], or absent for the cut's own",
        path,
        pooling);
    problems.check(
        sha256.isEmpty() || sha256.matches("[0-9a-fA-F]{8,64}"),
        "'%ssha256' is '%s': it must be 8 to 64 hexadecimal digits",
        path,
        sha256);
    problems.check(
        cardMemory >= 0 && cardMemory <= MOST_CARD_MEMORY,
        "'%scardMemory' is %d: it must be 0 (no limit) to %d MiB",
        path,
        cardMemory,
        MOST_CARD_MEMORY);
  }

  private static final int MOST_CARD_MEMORY = 1 << 20;

  BackboneOptions options(Downloads downloads) {
    return options(cut, downloads);
  }

  BackboneOptions options(String cut, Downloads downloads) {
    return new BackboneOptions(
        card,
        cut,
        poolingOf(pooling),
        batch,
        weights,
        sha256,
        engine,
        jpegScaling,
        device,
        (long) cardMemory << 20,
        downloads);
  }

  /** Null where the cut's own pooling is wanted. */
  private static Pooling poolingOf(String text) {
    for (Pooling pooling : Pooling.values()) {
      if (pooling.name().equalsIgnoreCase(text)) {
        return pooling;
      }
    }
    return null;
  }
}
