package org.graft;

import java.util.List;
import java.util.Locale;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.Cards;
import org.graft.backbone.Gpu;
import org.graft.backbone.Gpus;
import org.graft.common.UserError;
import org.graft.spark.CardSettings;

/** Where frozen networks are to compute. */
public enum DeviceKind {
  /** On the processor. */
  CPU,
  /** On NVIDIA's cards, and nowhere else. */
  CUDA,
  /** On cards where there are some that an engine can use, else on the processor. */
  AUTO;

  /**
   * The first of the engines that can compute there.
   *
   * @param engines on the processor, the one to be taken there first
   * @param memory most bytes of a card that a network takes; 0: no limit
   * @throws UserError saying what is missing and what to do, if this is {@link #CUDA} and cannot be
   */
  Engine.Choice of(List<Engine.Choice> engines, BackboneSpec spec, Cards cards, long memory) {
    Engine.Choice first = engines.get(0);
    if (this == CPU) {
      return first;
    }
    if (cards instanceof Cards.AtExecutors far && !far.promised()) {
      return unasked(first, spec);
    }
    Gpus gpus = cards instanceof Cards.Here here ? here.gpus().get() : null;
    if (this == AUTO && gpus != null && !gpus.hasDriver()) {
      return first;
    }
    for (Engine.Choice engine : engines) {
      if (engine.loader().cardProblem(gpus).isEmpty()) {
        return engine.with(
            engine.loader().forCards(memory),
            "device %s: %s".formatted(name().toLowerCase(Locale.ROOT), where(gpus)));
      }
    }
    String problem = first.loader().cardProblem(gpus).orElseThrow();
    if (this == CUDA) {
      throw new UserError("Cannot run %s on a card: %s.".formatted(spec.card().name(), problem));
    }
    return first.with(first.loader(), "device auto stays on the processor: " + problem);
  }

  /** Spark was not asked to give cards to executors. */
  private Engine.Choice unasked(Engine.Choice first, BackboneSpec spec) {
    if (this == CUDA) {
      throw new UserError(
          "Cannot run %s on a card: Spark was asked for none. %s"
              .formatted(spec.card().name(), CardSettings.ADD));
    }
    return first.with(
        first.loader(),
        "device auto stays on the processor: Spark was asked for no cards. " + CardSettings.ADD);
  }

  private static String where(Gpus gpus) {
    return gpus == null
        ? "the executors' cards"
        : String.join("; ", gpus.cards().stream().map(Gpu::toString).toList());
  }
}
