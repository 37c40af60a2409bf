package org.graft.backbone;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.graft.audio.AudioPreparation;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.Checks;
import org.graft.common.Digest;
import org.graft.common.Json;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.image.Preprocessing;
import org.graft.sample.WindowPooling;
import org.graft.text.TextPreparation;
import org.graft.weights.WeightSource;

/**
 * Everything one must know to use a weight set. The card travels with the weights; its name is the
 * weight set's, {@code architecture.source}.
 *
 * @param architecture one of the engine's networks, or {@link #ONNX} or {@link #DL4J} where the
 *     weights are a whole network
 * @param input for texts it may be left out: it is their token ids
 * @param preprocessing of pictures; null for others. One of this, {@code text} and {@code audio} is
 *     set
 * @param cuts in the order of the network
 * @param licence an SPDX identifier or a sentence
 * @param origin who trained it on what, and where it came from
 * @param verified whether the weights were loaded, and the golden vectors held, when this card was
 *     written
 * @param text how a text is prepared, or null
 * @param audio how a recording is prepared, or null
 * @param tokenizer that belongs to the weights, where the network reads texts; else null
 * @param config what {@code config.json} says, of a {@link #TRANSFORMER}; else null
 */
public record BackboneCard(
    String name,
    String architecture,
    Input input,
    Preprocessing preprocessing,
    List<Cut> cuts,
    String defaultCut,
    Weights weights,
    String licence,
    String origin,
    boolean verified,
    List<Golden> golden,
    TextPreparation text,
    AudioPreparation audio,
    Tokenizer tokenizer,
    Map<String, Object> config) {

  /** The architecture of a network that its {@code .onnx} file brings. */
  public static final String ONNX = "onnx";

  /** The architecture of a network that its DL4J zip brings. */
  public static final String DL4J = "dl4j";

  /** The architecture of a text network that is built from its {@code config.json} and weights. */
  public static final String TRANSFORMER = "transformer";

  /** The order of a picture's dimensions. */
  public enum Layout {
    NCHW,
    NHWC
  }

  /**
   * What the network takes.
   *
   * @param layout in which the network itself wants its pictures; a {@link Backbone} takes NCHW
   *     always. Null means NCHW, so that cards without it stay as they are; NHWC only where {@code
   *     architecture} is {@link #ONNX}
   */
  public record Input(int channels, int height, int width, Layout layout) {
    public Input {
      layout = layout == Layout.NCHW ? null : layout;
    }

    public Input(int channels, int height, int width) {
      this(channels, height, width, null);
    }

    public boolean channelsLast() {
      return layout == Layout.NHWC;
    }

    public int length() {
      return channels * height * width;
    }
  }

  /**
   * A place where the network may be cut.
   *
   * @param layer the vertex of the graph, or the tensor of the ONNX file, that is the feature
   * @param channels length of the vector, or number of channels where the cut is spatial
   * @param height 1 where the cut is flat; the number of tokens where it is a sequence
   * @param width 1 where the cut is flat
   * @param pooling the default for this cut
   */
  public record Cut(
      String name, String layer, int channels, int height, int width, Pooling pooling) {
    /** The length of the feature vector under {@code pooling}. */
    public int featureWidth(Pooling pooling) {
      return pooling == Pooling.NONE ? channels * height * width : channels;
    }
  }

  /**
   * Where the weights are and how to know them.
   *
   * @param file the name under which the cache keeps the file; its ending names the format
   * @param sources tried in turn: {@code classpath:/…} or {@code https://…}
   * @param sha256 of the file, in hex, or as many leading digits as its publisher gives
   *     (torchvision puts eight into the name); null where none is known
   * @param md5 of the file, in hex, where its publisher gives that (Keras does); else null
   * @param bytes the file's size, or null where it is not known
   */
  public record Weights(String file, List<String> sources, String sha256, String md5, Long bytes) {
    public Weights {
      sources = List.copyOf(sources);
    }

    /** The file as something to fetch. */
    public WeightSource source() {
      return new WeightSource(file, sources, sha256, md5, bytes);
    }
  }

  /**
   * Where the tokenizer is.
   *
   * @param files a {@code tokenizer.json}, or the files of an older kind: {@code vocab.txt}; or
   *     {@code vocab.json} and {@code merges.txt}
   * @param packed the {@code tokenizer.json} itself, as {@link org.graft.common.PackedText} has it,
   *     once it was fetched: then the card is whole without the files
   */
  public record Tokenizer(List<Weights> files, String packed) {
    public Tokenizer {
      files = files == null ? List.of() : List.copyOf(files);
    }
  }

  /**
   * What the reference implementation gives.
   *
   * @param seed of the input: see {@link GoldenInput}; 0 where it is {@code tokens}
   * @param features the whole vector, under the cut's default pooling
   * @param tolerance largest {@code max|a-b| / max|a|} allowed
   * @param tokens the input itself, of a network that reads texts: ids; else null
   */
  public record Golden(
      long seed, String cut, List<Float> features, double tolerance, List<Integer> tokens) {
    /** Of a picture. */
    public Golden(long seed, String cut, List<Float> features, double tolerance) {
      this(seed, cut, features, tolerance, null);
    }
  }

  public BackboneCard {
    Checks.argument(cuts != null && !cuts.isEmpty(), "card %s has no cuts", name);
    long kinds = Stream.of(preprocessing, text, audio).filter(Objects::nonNull).count();
    Checks.argument(
        kinds == 1,
        "card %s has %d of preprocessing (pictures), text and audio: it needs one of them",
        name,
        kinds);
    config = config == null ? null : Collections.unmodifiableMap(new TreeMap<>(config));
    Checks.argument(
        TRANSFORMER.equals(architecture) == (config != null),
        "card %s has the architecture %s and %s: a %s has a config, and nothing else has",
        name,
        architecture,
        config == null ? "no config" : "a config",
        TRANSFORMER);
    Checks.argument(
        (text != null) == (tokenizer != null),
        "card %s has %s: both are needed for texts",
        name,
        text != null ? "text, but no tokenizer" : "a tokenizer, but no text");
    input = input == null && text != null ? new Input(1, 1, text.maxTokens()) : input;
    Checks.argument(input != null, "card %s has no input", name);
    cuts = List.copyOf(cuts);
    golden = golden == null ? List.of() : List.copyOf(golden);
  }

  /** For pictures. */
  public BackboneCard(
      String name,
      String architecture,
      Input input,
      Preprocessing preprocessing,
      List<Cut> cuts,
      String defaultCut,
      Weights weights,
      String licence,
      String origin,
      boolean verified,
      List<Golden> golden) {
    this(
        name,
        architecture,
        input,
        preprocessing,
        cuts,
        defaultCut,
        weights,
        licence,
        origin,
        verified,
        golden,
        null,
        null,
        null,
        null);
  }

  /** The cut of that name, or the default one where {@code name} is null or empty. */
  public Cut cut(String cutName) {
    String wanted = cutName == null || cutName.isEmpty() ? defaultCut : cutName;
    List<String> names = cuts.stream().map(Cut::name).toList();
    return cuts.stream()
        .filter(cut -> cut.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "Cannot cut %s at '%s': it has the cuts %s.%s"
                        .formatted(name, wanted, names, NearestMatch.hint(wanted, names))));
  }

  /** Length of a sample's vector at that cut: windows may make it longer than the cut's. */
  public int vectorWidth(String cutName, Pooling pooling) {
    int width = cut(cutName).featureWidth(pooling);
    WindowPooling windows = text != null ? text.pooling() : audio != null ? audio.pooling() : null;
    return windows == null ? width : windows.width(width);
  }

  /** Whether the weights are a whole network, and the architecture only says in which format. */
  public boolean ownNetwork() {
    return architecture.equals(ONNX) || architecture.equals(DL4J);
  }

  /**
   * What computes the features of a cut, for fingerprints. Of a network of the file's own the names
   * of cuts are the user's to change: there it holds the layer and the input too.
   */
  public String network(String cutName) {
    if (config != null) {
      return "%s %s of %s"
          .formatted(architecture, cut(cutName).layer(), Digest.of(Json.canonical(config)));
    }
    return ownNetwork()
        ? "%s %s of %dx%dx%d %s"
            .formatted(
                architecture,
                cut(cutName).layer(),
                input.channels(),
                input.height(),
                input.width(),
                input.channelsLast() ? Layout.NHWC : Layout.NCHW)
        : architecture;
  }

  /** This card with {@code cut} in place of the one of that name, or beside the others. */
  public BackboneCard withCut(Cut cut) {
    List<Cut> all = new ArrayList<>(cuts);
    all.removeIf(other -> other.name().equals(cut.name()));
    all.add(cut);
    return copy(all, weights, licence, origin, verified, golden, tokenizer);
  }

  /**
   * This card for other weights of the same network: what it says of its own, golden vectors too,
   * does not hold for them.
   */
  public BackboneCard withWeights(String file) {
    Weights own = new Weights(file, List.of(), null, null, null);
    String given = "weights given by the user";
    return copy(cuts, own, "unknown: " + given, given + ": " + file, true, List.of(), tokenizer);
  }

  /** This card with its tokenizer in it. */
  public BackboneCard withTokenizer(String packed) {
    Tokenizer whole = new Tokenizer(tokenizer.files(), packed);
    return copy(cuts, weights, licence, origin, verified, golden, whole);
  }

  private BackboneCard copy(
      List<Cut> otherCuts,
      Weights otherWeights,
      String otherLicence,
      String otherOrigin,
      boolean otherVerified,
      List<Golden> otherGolden,
      Tokenizer otherTokenizer) {
    return new BackboneCard(
        name,
        architecture,
        input,
        preprocessing,
        otherCuts,
        defaultCut,
        otherWeights,
        otherLicence,
        otherOrigin,
        otherVerified,
        otherGolden,
        text,
        audio,
        otherTokenizer,
        config);
  }
}
