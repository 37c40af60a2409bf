package org.graft.engine.dl4j;

import org.graft.head.ValueLoss;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** {@link ValueLoss} for DL4J. */
public final class HeadValueLoss extends RowLoss {
  private static final long serialVersionUID = 1L;

  private final ValueLoss loss;

  HeadValueLoss(ValueLoss loss) {
    super(loss);
    this.loss = loss;
  }

  /** As DL4J reads it from JSON. */
  public HeadValueLoss(
      @JsonProperty("mean") double mean,
      @JsonProperty("deviation") double deviation,
      @JsonProperty("huber") double huber,
      @JsonProperty("scale") double scale) {
    this(new ValueLoss(mean, deviation, huber, scale));
  }

  @JsonProperty("mean")
  public double mean() {
    return loss.mean();
  }

  @JsonProperty("deviation")
  public double deviation() {
    return loss.deviation();
  }

  @JsonProperty("huber")
  public double huber() {
    return loss.huber();
  }

  @JsonProperty("scale")
  public double scale() {
    return loss.scale();
  }

  @Override
  public String name() {
    return "HeadValueLoss";
  }
}
