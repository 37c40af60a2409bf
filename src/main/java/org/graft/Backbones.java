package org.graft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Weights;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Cards;
import org.graft.backbone.Precision;
import org.graft.common.PackedText;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.engine.WeightFiles;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Progress;
import org.graft.spark.WeightPaths;
import org.graft.text.TokenizerFiles;
import org.graft.weights.Downloads;
import org.graft.weights.PublishedWeights;
import org.graft.weights.Sha256;
import org.graft.weights.WeightFetcher.Patience;
import org.graft.weights.WeightFormat;
import org.graft.weights.WeightSource;

/** The backbones that there are: what their cards say, and their weights, here on the driver. */
public final class Backbones {
  private static final long MOST_CARD_BYTES = 64L << 20;

  private final Storage storage;
  private final Progress progress;
  private final Path cache;
  private final PublishedWeights published;
  private final Cards cards;

  /** For networks that compute here. */
  public Backbones(Storage storage, Downloads downloads, Progress progress) {
    this(storage, downloads, progress, Cards.here());
  }

  /**
   * @param storage for cards and weights that the user names by path
   * @param cards that networks may compute on
   */
  public Backbones(Storage storage, Downloads downloads, Progress progress, Cards cards) {
    this.storage = storage;
    this.cards = cards;
    this.progress = progress;
    this.cache = downloads.cache();
    this.published =
        new PublishedWeights(
            downloads, Patience.DEFAULT, progress.download("weights"), System.getenv());
  }

  /**
   * A card by its name or one of its short names ({@code torchhub:resnet50}), or by the path of one
   * of the user's, ending in .json.
   *
   * @throws UserError with the nearest name, if there is none
   */
  public static BackboneCard card(Storage storage, String name) throws IOException {
    if (!name.endsWith(".json")) {
      return BackboneCatalog.card(name);
    }
    if (!storage.exists(name)) {
      throw new UserError(
          "Cannot read card %s: there is no such file. Correct backbone.card, or take one of `graft backbones list`."
              .formatted(name));
    }
    return BackboneCatalog.read(storage.read(name, MOST_CARD_BYTES), name);
  }

  /** The network with its weights here, and the engine that will run it. */
  public BackboneChoice choose(BackboneOptions options) throws IOException {
    BackboneCard card = card(storage, options.card());
    String sha256 = options.sha256().isEmpty() ? null : options.sha256();
    if (options.weights().isEmpty()) {
      Path file = single(fetch(card, sha256));
      return choice(card, options, file, Sha256.of(file));
    }
    Path file = single(local(options.weights(), sha256));
    BackboneCard other = card.withWeights(file.getFileName().toString());
    if (WeightFormat.of(file) == WeightFormat.DL4J_ZIP) {
      String name = options.cut().isEmpty() ? card.defaultCut() : options.cut();
      other = other.withCut(Dl4jBackboneLoader.zipCut(other, name, file));
    }
    return choice(other, options, file, Sha256.of(file));
  }

  /**
   * The ranges that int8 needs to know of a network; {@link ActivationRanges#NONE} for texts.
   *
   * @param inputs of the network, {@code [channels x height x width]} each
   * @throws UserError if it cannot be run in int8
   */
  public static ActivationRanges ranges(BackboneChoice fp32, Iterable<float[]> inputs)
      throws IOException {
    Quantizing.check(fp32);
    return OnnxBackboneLoader.calibrate(fp32.spec(), inputs);
  }

  /**
   * The card's own weights, from the cache or from where they are published.
   *
   * @param sha256 to be used in place of the card's; null: the card's
   */
  public Path fetch(BackboneCard card, String sha256) throws IOException {
    WeightSource source = card.weights().source();
    return published.get(sha256 == null ? source : source.withSha256(sha256));
  }

  /** Whether the card's weights are in the cache already, by their name. */
  public boolean isCached(BackboneCard card) {
    return published.isCached(card.weights().source());
  }

  /** Whether using the card needs no network: its weights are in the cache, or came with Graft. */
  public boolean isHere(BackboneCard card) {
    return isCached(card)
        || card.weights().sources().stream()
            .filter(source -> source.startsWith("classpath:"))
            .map(source -> source.substring("classpath:".length()))
            .anyMatch(path -> Backbones.class.getResource(path) != null);
  }

  /**
   * Weights that the user names: a path on any file system, an address, or a card's short name.
   *
   * @param sha256 of the file, or its first digits; null if unknown
   */
  public Path local(String weights, String sha256) throws IOException {
    if (BackboneCatalog.isShortName(weights)) {
      return fetch(BackboneCatalog.card(weights), sha256);
    }
    if (PublishedWeights.isAddress(weights)) {
      return published.get(weights, sha256);
    }
    Path file = WeightPaths.local(storage, weights);
    if (sha256 != null || !Files.isDirectory(file)) {
      Sha256.verify(file, sha256);
    }
    return file;
  }

  /** Executors get one file: what is in many is written into one, once. */
  public Path single(Path weights) throws IOException {
    return WeightFiles.single(weights, cache.resolve("single"));
  }

  /** The card of a network that reads texts, with its tokenizer in it. */
  private BackboneCard whole(BackboneCard card) throws IOException {
    if (card.text() == null || card.tokenizer().packed() != null) {
      return card;
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (Weights file : card.tokenizer().files()) {
      files.put(file.file(), Files.readAllBytes(published.get(file.source())));
    }
    return card.withTokenizer(PackedText.pack(TokenizerFiles.json(files)));
  }

  private BackboneChoice choice(
      BackboneCard given, BackboneOptions options, Path file, String digest) throws IOException {
    BackboneCard card = whole(given);
    String name = options.cut().isEmpty() ? card.defaultCut() : options.cut();
    Pooling own = card.cut(name).pooling();
    Pooling pooling = options.pooling() == null ? own : options.pooling();
    BackboneSpec spec =
        new BackboneSpec(card, name, pooling, options.batch(), file, Precision.FP32);
    Engine.Choice engine =
        options.device().of(options.engine().choices(spec), spec, cards, options.cardMemory());
    if (!engine.note().isEmpty()) {
      progress.say("backbone", engine.note());
    }
    return new BackboneChoice(spec, engine.loader(), digest, options.jpegScaling());
  }
}
