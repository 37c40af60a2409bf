package org.graft.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.common.Cosine;
import org.graft.common.ExitCode;
import org.graft.common.UserError;
import org.graft.common.Version;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.engine.onnx.RandomResNet;
import org.graft.image.ImagePreprocessor;

/**
 * What {@code submit/gpu/run} runs on a machine with nothing but a driver: whether a card computes
 * what the processor computes, and how fast. It needs neither Spark nor DL4J.
 */
public final class SmokeTest implements AutoCloseable {
  private static final int PICTURES = 32;
  private static final int COMPARED = 8;
  private static final int MOST_AT_ONCE = 64; // of a decoding thread, so that turns stay short

  private final SmokeOptions options;
  private final PrintStream out;
  private final Rounds rounds;
  private final Path folder;
  private final BackboneCard card;
  private final Path weights;
  private final List<byte[]> pictures;
  private final ImagePreprocessor preprocessor;

  private SmokeTest(SmokeOptions options, PrintStream out) throws IOException {
    this.options = options;
    this.out = out;
    this.rounds = new Rounds(options.rounds(), options.seconds(), (who, round, took, left) -> {});
    this.folder = Files.createTempDirectory("graft-smoke-");
    this.weights = folder.resolve("resnet50.random.onnx");
    this.card = RandomResNet.write(weights, options.width());
    this.pictures = BenchPictures.generated(PICTURES);
    this.preprocessor = BenchBackbone.preprocessor(card);
  }

  /** {@code --device cuda|cpu, --batches 1,8, --width 64, --rounds 3, --seconds 1}. */
  public static void main(String[] arguments) throws IOException {
    System.exit(run(System.out, System.err, System.getenv(), arguments).status());
  }

  static ExitCode run(
      PrintStream out, PrintStream err, Map<String, String> environment, String... arguments)
      throws IOException {
    SmokeOptions options;
    try {
      options = SmokeOptions.parse(arguments);
    } catch (UserError e) {
      err.println(e.getMessage());
      return ExitCode.BAD_INPUT;
    }
    try {
      SmokeMachine.show(out, environment, options.device());
      try (SmokeTest test = new SmokeTest(options, out)) {
        test.run();
      }
      return ExitCode.DONE;
    } catch (UserError e) {
      err.println(e.getMessage());
      return ExitCode.FAILED;
    }
  }

  private void run() throws IOException {
    float[][] inputs = inputs(COMPARED);
    float[][] reference;
    try (Backbone exact = new OnnxBackboneLoader().load(spec(Precision.FP32, 1))) {
      reference = each(exact, inputs);
    }
    say("network", "%s, %d features, Graft %s", card.name(), reference[0].length, Version.graft());
    for (Precision precision : precisions()) {
      compare(precision, inputs, reference);
      for (int batch : options.batches()) {
        measure(precision, batch);
      }
    }
  }

  private List<Precision> precisions() {
    return options.device().isCuda()
        ? List.of(Precision.FP16, Precision.FP32)
        : List.of(Precision.FP32);
  }

  private void compare(Precision precision, float[][] inputs, float[][] reference)
      throws IOException {
    try (Backbone backbone = load(precision, COMPARED)) {
      Parity parity = Parity.of(reference, backbone.features(inputs));
      double apart = Cosine.of(reference[0], reference[1]);
      say(
          "parity",
          "%s on %s: cosine with the processor's fp32 %.6f or more (wanted %s; two pictures among themselves: %.6f)",
          precision.name(),
          options.device(),
          parity.cosine(),
          Parity.LEAST,
          apart);
      parity.check(precision.name());
    }
  }

  private void measure(Precision precision, int batch) throws IOException {
    try (Backbone backbone = load(precision, batch)) {
      float[][] inputs = inputs(batch);
      int threads = Runtime.getRuntime().availableProcessors();
      int together = Math.min(batch, MOST_AT_ONCE);
      Map<String, Contender> contenders = new LinkedHashMap<>();
      for (int callers : List.of(1, 2)) {
        contenders.put(
            "network only, callers " + callers,
            new Contender("network", callers, batch, () -> backbone.features(inputs)));
      }
      contenders.put(
          "JPEG to features, threads " + threads,
          new Contender("all", threads, together, () -> backbone.features(inputs(together))));
      contenders.put(
          "JPEG decoding alone, threads " + threads,
          new Contender("decode", threads, together, () -> inputs(together)));
      Map<Contender, List<Timing>> timings = rounds.run(new ArrayList<>(contenders.values()));
      contenders.forEach(
          (what, contender) ->
              say(
                  "rate",
                  "%s batch %d, %s: %.1f images/s",
                  precision.name(),
                  batch,
                  what,
                  Rate.median(timings.get(contender)).perSecond()));
    }
  }

  private Backbone load(Precision precision, int batch) throws IOException {
    BackboneLoader processor = new OnnxBackboneLoader();
    BackboneLoader loader = options.device().isCuda() ? processor.forCards(0) : processor;
    return loader.load(spec(precision, batch), options.device());
  }

  private BackboneSpec spec(Precision precision, int batch) {
    return new BackboneSpec(card, card.defaultCut(), Pooling.AVG, batch, weights, precision);
  }

  private static float[][] each(Backbone backbone, float[][] inputs) {
    float[][] features = new float[inputs.length][];
    for (int i = 0; i < inputs.length; i++) {
      features[i] = backbone.features(new float[][] {inputs[i]})[0];
    }
    return features;
  }

  /** {@code [n][channels x height x width]}, decoded now. */
  private float[][] inputs(int n) {
    float[][] inputs = new float[n][];
    for (int i = 0; i < n; i++) {
      inputs[i] = BenchBackbone.tensor(preprocessor, pictures.get(i % pictures.size()));
    }
    return inputs;
  }

  private void say(String what, String format, Object... values) {
    out.println(SmokeMachine.line(what, String.format(Locale.ROOT, format, values)));
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(weights);
    Files.delete(folder);
  }
}
