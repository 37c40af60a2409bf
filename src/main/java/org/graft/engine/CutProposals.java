package org.graft.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;

/**
 * Where a network may be cut: at its bottlenecks, the tensors through which all that it computes
 * passes. What skips past a tensor would be missing from the features.
 */
public final class CutProposals {
  /** The name of the proposal that the network's last dense layer reads. */
  public static final String FEATURES = "features";

  private static final String OUTPUT = "output";

  private CutProposals() {}

  /**
   * A step of a network.
   *
   * @param reads the tensors that hold what comes from the picture; no constants, no mere shapes
   */
  public record Step(List<String> reads, List<String> makes) {}

  /**
   * The tensors through which every path from {@code input} to {@code output} leads, in order, the
   * output among them.
   *
   * @param steps in an order in which they can be computed; those only that {@code output} needs
   */
  public static List<String> bottlenecks(List<Step> steps, String input, String output) {
    Map<String, Integer> lastRead = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (String tensor : steps.get(i).reads()) {
        lastRead.put(tensor, i);
      }
    }
    lastRead.put(output, steps.size());
    Set<String> live = new HashSet<>(Set.of(input));
    List<String> bottlenecks = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      int now = i;
      if (steps.get(i).reads().stream().anyMatch(live::contains)) {
        live.addAll(steps.get(i).makes());
      }
      live.removeIf(tensor -> lastRead.getOrDefault(tensor, -1) <= now);
      if (live.size() == 1 && steps.get(i).makes().contains(live.iterator().next())) {
        bottlenecks.add(live.iterator().next());
      }
    }
    return bottlenecks;
  }

  /**
   * The last bottleneck of each size, with a name.
   *
   * @param bottlenecks their layer is the tensor; their names are of no effect
   * @param penultimate what the last dense layer reads, or null
   * @param output what the network gives
   */
  public static List<Cut> named(
      List<Cut> bottlenecks, Input input, String penultimate, String output) {
    List<Cut> cuts = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < bottlenecks.size(); i++) {
      Cut cut = bottlenecks.get(i);
      boolean last = i + 1 == bottlenecks.size() || !sameSize(cut, bottlenecks.get(i + 1));
      boolean wanted = cut.layer().equals(penultimate);
      if (wanted || (last && !isPicture(cut, input))) {
        String name = wanted ? FEATURES : cut.layer().equals(output) ? OUTPUT : kind(cut);
        int number = counts.merge(name, 1, Integer::sum);
        boolean unique = name.equals(FEATURES) || name.equals(OUTPUT);
        cuts.add(
            new Cut(
                unique ? name : name + number,
                cut.layer(),
                cut.channels(),
                cut.height(),
                cut.width(),
                cut.pooling()));
      }
    }
    return cuts;
  }

  /**
   * What the last dense layer reads; else the last vector (an embedding); else, of a network that
   * draws or finds things, the last of the smallest pictures.
   */
  public static String best(List<Cut> cuts) {
    Cut best = cuts.get(0);
    for (Cut cut : cuts) {
      if (cut.name().equals(FEATURES)) {
        return FEATURES;
      }
      best = cut.height() * cut.width() <= best.height() * best.width() ? cut : best;
    }
    return best.name();
  }

  /** A picture keeps its size through many layers whose channels differ, a vector does not. */
  private static boolean sameSize(Cut one, Cut other) {
    return one.height() == other.height()
        && one.width() == other.width()
        && (one.height() * one.width() > 1 || one.channels() == other.channels());
  }

  /** What merely scales the picture is no feature. */
  private static boolean isPicture(Cut cut, Input input) {
    return cut.channels() == input.channels()
        && cut.height() == input.height()
        && cut.width() == input.width();
  }

  private static String kind(Cut cut) {
    if (cut.height() > 1 && cut.width() > 1) {
      return "stage";
    }
    return cut.height() * cut.width() > 1 ? "tokens" : "flat";
  }
}
