package org.graft.job;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graft.common.Json;
import org.graft.engine.dl4j.Dl4jExport;
import org.graft.job.Launch.Ended;
import org.graft.testing.SmallModels;

/**
 * A job that takes seconds (few rounds, as each is a Spark job): a random network of two cuts
 * ({@code flat}, 7 features; {@code spatial}, 6 channels) on the pictures in a folder.
 *
 * @param folder holds pictures, config, card, weights and, unless told otherwise, the workspace
 */
public record TinyJob(Path folder, Launch launch) {
  /** Makes the card, the weights and the config. */
  public static TinyJob in(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("card.json"), Json.pretty(SmallModels.CARD));
    try (OutputStream out = Files.newOutputStream(folder.resolve("weights.zip"))) {
      Dl4jExport.write(SmallModels.backbone("flat", seed), out);
    }
    Files.writeString(
        folder.resolve("tiny.yaml"),
        """
        name: tiny
        workspace: workspace
        source: {kind: folder, path: pictures}
        split: {train: 0.6, validation: 0.15, test: 0.25}
        backbone: {card: '%s', weights: weights.zip, cut: spatial}
        train: {epochs: 4, batch: 32, learningRate: 0.3}
        publish: {exports: []}
        """
            .formatted(folder.resolve("card.json")));
    Files.writeString(
        folder.resolve("score.yaml"),
        """
        bundle: workspace/models/tiny
        source: {kind: folder, path: pictures}
        output: predictions
        """);
    return new TinyJob(folder, Launch.LOCAL);
  }

  public TinyJob on(Launch other) {
    return new TinyJob(folder, other);
  }

  public Path pictures() {
    return folder.resolve("pictures");
  }

  public Path workspace() {
    return folder.resolve("workspace");
  }

  /** All steps. */
  public Ended run(String... settings) throws IOException {
    return verb("run", settings);
  }

  /**
   * @param settings {@code key.path=value}
   */
  public Ended verb(String verb, String... settings) throws IOException {
    return launch(verb, "tiny.yaml", settings);
  }

  public Ended score(String... settings) throws IOException {
    return launch("score", "score.yaml", settings);
  }

  private Ended launch(String verb, String config, String... settings) throws IOException {
    List<String> args = new ArrayList<>(List.of(verb, folder.resolve(config).toString()));
    for (String setting : settings) {
      args.add("-s");
      args.add(setting);
    }
    return launch.run(args.toArray(String[]::new));
  }
}
