package org.graft.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.graft.BackboneOptions;
import org.graft.Backbones;
import org.graft.DeviceKind;
import org.graft.Engine;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCatalog;
import org.graft.common.LocalStorage;
import org.graft.common.NearestMatch;
import org.graft.common.Problems;
import org.graft.image.JpegScaling;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Progress;
import org.graft.weights.Downloads;

/** Cards under the names that people use for networks: {@code resnet50}. */
final class BenchCards {
  /** Of several weight sets of one network, torchvision's first one: the best known. */
  private static final String PREFERRED = ".tv_in1k";

  private BenchCards() {}

  /** The card of a name that {@link #check} found well. */
  static BackboneCard card(String name) {
    return BackboneCatalog.card(find(name).orElseThrow());
  }

  /** The network with its weights and its tokenizer, fetched where they are not there yet. */
  static BackboneChoice choice(String name, PrintStream err) throws IOException {
    Downloads downloads = Downloads.of(System.getenv());
    BackboneOptions options =
        new BackboneOptions(
            card(name).name(),
            "",
            null,
            1,
            "",
            "",
            Engine.ONNX,
            JpegScaling.NONE,
            DeviceKind.CPU,
            0,
            downloads);
    return new Backbones(new LocalStorage(), downloads, new Progress(err, false)).choose(options);
  }

  /** Whether there is such a card. */
  static boolean check(String option, String name, Problems problems) {
    if (find(name).isEmpty()) {
      List<String> known = new ArrayList<>(BackboneCatalog.names());
      BackboneCatalog.names().forEach(full -> known.add(full.substring(0, full.indexOf('.'))));
      problems.add(
          "%s has '%s': it must be of `graft backbones list`, without what follows the dot if you like.%s",
          option, name, NearestMatch.hint(name, known));
      return false;
    }
    return true;
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
