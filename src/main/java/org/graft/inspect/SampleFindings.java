package org.graft.inspect;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found wrong with samples, with the worst examples of each kind; all are in tables.
 *
 * @param samples that were looked at
 * @param labels null where samples do not have one label of two or more
 * @param equalBytes rows of the source whose bytes another row has, too
 * @param equalBytesOtherLabels contents that occur under different labels
 */
public record SampleFindings(
    long samples,
    Labels labels,
    Outliers outliers,
    Duplicates duplicates,
    long equalBytes,
    long equalBytesOtherLabels) {
  /** Of each kind, on a page. */
  public static final int MOST_SHOWN = 24;

  /** Of the samples that a page shows. */
  public Set<String> keys() {
    Stream<Place> suspects =
        labels == null
            ? Stream.of()
            : labels.worst().stream().limit(MOST_SHOWN).map(Suspect::sample);
    Stream<Place> strange = outliers.worst().stream().limit(MOST_SHOWN).map(Outlier::sample);
    Stream<Place> alike =
        duplicates.worst().stream()
            .limit(MOST_SHOWN)
            .flatMap(pair -> Stream.of(pair.sample(), pair.other()));
    return Stream.of(suspects, strange, alike)
        .flatMap(places -> places)
        .map(Place::key)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * @param doubtful samples whose label is likely wrong: see {@link ConfidentLabels}
   * @param heldOutAccuracy share of the labels that a head says which has not seen the sample
   * @param worst of those that another label is more probable for, by the label's probability
   */
  public record Labels(long doubtful, double heldOutAccuracy, List<Suspect> worst) {}

  /**
   * @param found samples further than {@code bound} from their nearest others
   * @param worst the furthest
   */
  public record Outliers(long found, double bound, List<Outlier> worst) {}

  /**
   * @param pairs of samples that are nearly the same
   * @param acrossSplits of them, those of which one is to be learnt from and the other is to test
   * @param otherLabels of them, those whose labels differ
   * @param worst across splits first, then by how near they are
   */
  public record Duplicates(
      long pairs, long acrossSplits, long otherLabels, double cosine, List<Pair> worst) {}

  /** A sample by its key, where it is, and its split. */
  public record Place(String key, String path, String split, String label) {}

  /**
   * A sample whose label may be wrong.
   *
   * @param probability of its label
   * @param suggested the most probable other label
   */
  public record Suspect(
      Place sample, double probability, String suggested, double suggestedProbability) {}

  /**
   * @param distance 1 less the cosine with a near sample, 0 to 2
   */
  public record Outlier(Place sample, double distance) {}

  public record Pair(Place sample, Place other, double cosine) {}
}
