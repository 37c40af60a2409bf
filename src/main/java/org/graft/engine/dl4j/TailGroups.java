package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;

/**
 * A tail's layers in groups, between those cuts of the card that all of the tail passes through.
 */
final class TailGroups {
  private final Map<String, Integer> depths = new HashMap<>();
  private final List<List<String>> groups = new ArrayList<>();

  TailGroups(Tail tail, BackboneCard card) {
    List<String> cuts = card.cuts().stream().map(Cut::layer).toList();
    List<String> points = Tail.points(tail.network());
    String top = tail.network().getNetworkOutputs().get(0);
    List<String> ends =
        tail.vertices().stream()
            .filter(v -> v.equals(top) || (cuts.contains(v) && points.contains(v)))
            .toList();
    List<String> left = new ArrayList<>(tail.vertices());
    for (String end : ends) {
      Set<String> below = FrozenNetwork.ancestors(tail.network(), end);
      List<String> group = left.stream().filter(below::contains).filter(tail::learns).toList();
      left.removeIf(below::contains);
      if (!group.isEmpty()) {
        groups.add(group);
      }
    }
    for (int i = 0; i < groups.size(); i++) {
      int depth = groups.size() - i;
      groups.get(i).forEach(vertex -> depths.put(vertex, depth));
    }
  }

  /** Layers that have parameters, group by group, the lowest first. */
  List<List<String>> all() {
    return groups;
  }

  /** 1 for layers of the highest group. */
  int depth(String vertex) {
    return depths.get(vertex);
  }
}
