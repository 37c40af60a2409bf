package org.graft.sample;

import java.util.List;
import java.util.Map;
import org.graft.common.Checks;

/**
 * What an index found: written last into its folder, and shown in every report.
 *
 * @param format version of this record's form
 * @param fingerprint of all that shapes the index
 * @param indexed rows of the source
 * @param samples distinct contents that can be used
 * @param duplicates rows whose bytes another row has too
 * @param rejected rows that cannot be used
 * @param unreadable of them, which another attempt may read
 * @param conflicts contents that occur under different labels; the first path's labels count
 * @param conflictExamples paths of a few of them
 * @param bytes of all samples together
 * @param labels the classes, in their order; {@link Labels#VALUE} where labels are numbers
 * @param perLabel label to split to samples: the stratification that the hash of the keys gave
 * @param digest of all samples with labels and splits
 */
public record DatasetCard(
    int format,
    String fingerprint,
    long indexed,
    long samples,
    long duplicates,
    long rejected,
    long unreadable,
    long conflicts,
    List<String> conflictExamples,
    long bytes,
    List<String> labels,
    Map<String, Map<String, Long>> perLabel,
    String digest) {
  public static final int FORMAT = 1;

  public DatasetCard {
    Checks.state(
        indexed == samples + duplicates + rejected,
        "index lost rows: %d indexed, but %d samples, %d duplicates, %d rejected",
        indexed,
        samples,
        duplicates,
        rejected);
  }

  public long count(String label, Split split) {
    return perLabel.getOrDefault(label, Map.of()).getOrDefault(split.id(), 0L);
  }

  public long count(Split split) {
    return splitTotals().getOrDefault(split.id(), 0L);
  }

  private Map<String, Long> splitTotals() {
    return perLabel.getOrDefault(ALL, Map.of());
  }

  /** The key of {@code perLabel} that counts samples whatever their labels; no label is empty. */
  public static final String ALL = "";
}
