package org.graft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.graft.cluster.GraftCommand;
import org.graft.common.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README's first command, and what follows it there. */
class QuickstartIT {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @TempDir Path folder;

  @Test
  void pretrainedWeightsBeatRandomOnesAndNothingIsDoneTwice() throws Exception {
    String workspace = "workspace=" + folder.resolve("workspace");
    Map<String, Object> first = graft("first", "run", "conf/quickstart.yaml", "-s", workspace);
    assertEquals("done", first.get("outcome"));
    double margin = number(first, "accuracy") - number(first, "randomWeightsAccuracy");
    assertTrue(margin >= 0.15, () -> "pretraining is worth " + margin);
    Path evaluation = Path.of(part(first, "paths").get("evaluation").toString());
    int tested =
        ((Number) Json.readMap(Files.readAllBytes(evaluation), "it").get("samples")).intValue();
    assertTrue(tested >= 200, () -> tested + " test samples");

    Map<String, Object> again = graft("again", "run", "conf/quickstart.yaml", "-s", workspace);
    assertEquals(0, part(again, "counts").get("extracted"));
    assertEquals(part(first, "metrics"), part(again, "metrics"));
    assertEquals(part(first, "paths").get("bundle"), part(again, "paths").get("bundle"));

    Map<String, Object> exact =
        graft("exact", "run", "conf/exact.yaml", "-s", workspace, "-s", "train.baseline=true");
    assertEquals(0, part(exact, "counts").get("extracted"));
    assertTrue(number(exact, "accuracy") >= number(exact, "randomWeightsAccuracy") + 0.15);
    assertTrue(
        number(exact, "accuracy") > number(first, "accuracy") - 0.05,
        () -> number(exact, "accuracy") + " against " + number(first, "accuracy"));

    Map<String, Object> grid = graft("grid", "run", "conf/grid.yaml", "-s", workspace);
    assertEquals(0, part(grid, "counts").get("extracted"));
    assertTrue(number(grid, "accuracy") >= number(first, "accuracy") - 0.05);

    Map<String, Object> scored =
        graft(
            "score",
            "score",
            "conf/score.yaml",
            "-s",
            "bundle=" + part(first, "paths").get("bundle"),
            "-s",
            "source.path=conf/quickstart/pictures/fruit",
            "-s",
            "output=" + folder.resolve("predictions"));
    assertEquals(66, part(scored, "counts").get("scored"));
    assertTrue(Files.exists(folder.resolve("predictions/_SUCCESS")));

    Map<String, Object> tuned =
        graft("tuned", "run", "conf/finetune.yaml", "-s", workspace, "-s", "finetune.epochs=2");
    assertEquals(0, part(tuned, "counts").get("extracted"));
    assertEquals(number(first, "accuracy"), number(tuned, "frozen.accuracy"), 1e-12);
    assertTrue(number(tuned, "accuracy") > number(tuned, "frozen.accuracy") - 0.05);
  }

  @Test
  void aSentenceModelTellsMailsApart() throws Exception {
    Map<String, Object> mails =
        graft("mails", "run", "conf/text.yaml", "-s", "workspace=" + folder.resolve("texts"));
    assertEquals("done", mails.get("outcome"));
    assertEquals(800, part(mails, "counts").get("indexed"));
    assertTrue(number(mails, "accuracy") >= 0.88, () -> "accuracy " + number(mails, "accuracy"));
  }

  private Map<String, Object> graft(String name, String... arguments) throws Exception {
    GraftCommand command = GraftCommand.start(folder, name, Map.of(), List.of(arguments));
    assertEquals(0, command.exitStatus(PATIENCE), command::err);
    return command.summary();
  }

  private static double number(Map<String, Object> summary, String metric) {
    return ((Number) part(summary, "metrics").get(metric)).doubleValue();
  }

  private static Map<?, ?> part(Map<String, Object> summary, String name) {
    return (Map<?, ?>) summary.get(name);
  }
}
