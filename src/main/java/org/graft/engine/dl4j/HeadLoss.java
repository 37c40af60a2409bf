package org.graft.engine.dl4j;

import org.graft.head.LossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * {@link LossFunction} for DL4J, whose own losses know neither smoothing nor the focal factor and
 * square weights that come as a mask. Here a mask {@code [batch][1]} is the samples' weights.
 */
public final class HeadLoss extends RowLoss {
  private static final long serialVersionUID = 1L;

  private final LossFunction loss;

  HeadLoss(LossFunction loss) {
    super(loss);
    this.loss = loss;
  }

  /** As DL4J reads it from JSON. */
  public HeadLoss(
      @JsonProperty("softmax") boolean softmax,
      @JsonProperty("present") float[] present,
      @JsonProperty("absent") float[] absent,
      @JsonProperty("smoothing") double smoothing,
      @JsonProperty("gamma") double gamma,
      @JsonProperty("scale") double scale) {
    this(new LossFunction(softmax, present, absent, smoothing, gamma, scale));
  }

  @JsonProperty("softmax")
  public boolean softmax() {
    return loss.softmax();
  }

  @JsonProperty("present")
  public float[] present() {
    return loss.present();
  }

  @JsonProperty("absent")
  public float[] absent() {
    return loss.absent();
  }

  @JsonProperty("smoothing")
  public double smoothing() {
    return loss.smoothing();
  }

  @JsonProperty("gamma")
  public double gamma() {
    return loss.gamma();
  }

  @JsonProperty("scale")
  public double scale() {
    return loss.scale();
  }

  @Override
  public String name() {
    return "HeadLoss";
  }
}
