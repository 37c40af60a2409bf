package org.graft.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCatalog;
import org.graft.common.NearestMatch;
import org.graft.common.Problems;

/** Cards under the names that people use for networks: {@code resnet50}. */
final class BenchCards {
  /** Of several weight sets of one network, torchvision's first one: the best known. */
  private static final String PREFERRED = ".tv_in1k";

  private BenchCards() {}

  /** The card of a name that {@link #check} found well. */
  static BackboneCard card(String name) {
    return BackboneCatalog.card(find(name).orElseThrow());
  }

  static void check(String name, Problems problems) {
    if (find(name).isEmpty()) {
      List<String> known = new ArrayList<>(BackboneCatalog.names());
      BackboneCatalog.names().forEach(full -> known.add(full.substring(0, full.indexOf('.'))));
      problems.add(
          "--backbones has '%s': it must be of `graft backbones list`, without what follows the dot if you like.%s",
          name, NearestMatch.hint(name, known));
    }
  }

  private static Optional<String> find(String name) {
    List<String> names = BackboneCatalog.names();
    if (names.contains(name)) {
      return Optional.of(name);
    }
    return names.contains(name + PREFERRED)
        ? Optional.of(name + PREFERRED)
        : names.stream().filter(full -> full.startsWith(name + ".")).findFirst();
  }
}
