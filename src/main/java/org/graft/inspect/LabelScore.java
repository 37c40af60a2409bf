package org.graft.inspect;

import java.io.Serializable;

/**
 * What a head that has not seen a sample says of its label. A class, not a record: Kryo cannot
 * build one.
 */
public final class LabelScore implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final int given;
  private final int suggested;
  private final double givenProbability;
  private final double suggestedProbability;

  /**
   * @param given the label's number
   * @param suggested the most probable other label's number
   */
  public LabelScore(
      String key, int given, int suggested, double givenProbability, double suggestedProbability) {
    this.key = key;
    this.given = given;
    this.suggested = suggested;
    this.givenProbability = givenProbability;
    this.suggestedProbability = suggestedProbability;
  }

  public String key() {
    return key;
  }

  public int given() {
    return given;
  }

  public int suggested() {
    return suggested;
  }

  /** How sure the head is of the label, 0 to 1; the less, the likelier the label is wrong. */
  public double givenProbability() {
    return givenProbability;
  }

  public double suggestedProbability() {
    return suggestedProbability;
  }
}
