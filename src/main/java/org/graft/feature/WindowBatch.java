package org.graft.feature;

import java.util.ArrayList;
import java.util.List;
import org.graft.backbone.Backbone;

/** Windows of any samples, side by side on their way through the network. */
final class WindowBatch {
  private final Backbone backbone;
  private final BatchClock clock;
  private final List<float[]> inputs = new ArrayList<>();
  private final List<WindowSum> owners = new ArrayList<>();

  /**
   * @param clock that the network's time is told to
   */
  WindowBatch(Backbone backbone, BatchClock clock) {
    this.backbone = backbone;
    this.clock = clock;
  }

  /** Runs the network where that fills a batch. */
  void add(float[] input, WindowSum owner) {
    inputs.add(input);
    owners.add(owner);
    if (inputs.size() == backbone.batch()) {
      flush();
    }
  }

  void flush() {
    if (inputs.isEmpty()) {
      return;
    }
    float[][] features = clock.network(() -> backbone.features(inputs.toArray(new float[0][])));
    for (int i = 0; i < features.length; i++) {
      owners.get(i).add(features[i]);
    }
    inputs.clear();
    owners.clear();
  }
}
