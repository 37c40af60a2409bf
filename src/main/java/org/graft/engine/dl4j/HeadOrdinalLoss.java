package org.graft.engine.dl4j;

import org.graft.head.OrdinalLoss;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** {@link OrdinalLoss} for DL4J. */
public final class HeadOrdinalLoss extends RowLoss {
  private static final long serialVersionUID = 1L;

  private final OrdinalLoss loss;

  HeadOrdinalLoss(OrdinalLoss loss) {
    super(loss);
    this.loss = loss;
  }

  /** As DL4J reads it from JSON. */
  public HeadOrdinalLoss(
      @JsonProperty("present") float[] present, @JsonProperty("scale") double scale) {
    this(new OrdinalLoss(present, scale));
  }

  @JsonProperty("present")
  public float[] present() {
    return loss.present();
  }

  @JsonProperty("scale")
  public double scale() {
    return loss.scale();
  }

  @Override
  public String name() {
    return "HeadOrdinalLoss";
  }
}
