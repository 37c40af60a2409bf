package org.graft.engine.dl4j;

/**
 * From a round's parameters to the next one's: to the average, and as much of the last move again
 * as the momentum says (Reddi et al. 2021, FedAvgM). Without momentum it is the average's bits.
 */
final class ServerMove {
  private final HeadState network;
  private final float[] velocity;

  ServerMove(TrainingState from, HeadState average, double momentum) {
    if (momentum == 0) {
      network = average;
      velocity = from.velocity();
      return;
    }
    float[] start = from.network().parameters();
    float[] before = from.velocity();
    float[] moved = new float[start.length];
    velocity = new float[start.length];
    for (int i = 0; i < moved.length; i++) {
      double move = (double) average.parameters()[i] - start[i];
      velocity[i] = (float) (move + (before.length == 0 ? 0 : momentum * before[i]));
      moved[i] = start[i] + velocity[i];
    }
    network = new HeadState(average.iteration(), average.epoch(), moved, average.updater());
  }

  HeadState network() {
    return network;
  }

  float[] velocity() {
    return velocity;
  }
}
