package org.graft.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.graft.backbone.BackboneCard;
import org.graft.bench.BenchRecord.What;
import org.graft.common.Problems;

/**
 * What to measure.
 *
 * @param what in this order: names of {@link What}
 * @param backbones cards by name, or by the architecture's name alone; the first also goes through
 *     the whole pipeline
 * @param engines names of {@link BenchEngine}
 * @param precisions fp32, int8
 * @param batches samples a call
 * @param threads calling at the same time
 * @param rounds counted turns of each contender, at most
 * @param seconds of one turn, at least
 * @param pictures a folder of JPEG files to take instead of generated pictures, or null
 * @param textBackbones cards of networks that read texts
 * @param audioBackbones cards of networks that hear
 * @param texts a file with a text a line to take instead of made-up ones, or null
 * @param sounds a folder of recordings whose decoding is measured, too, or null
 * @param weights of the one backbone; null: its card's own where Graft brings them along, else
 *     random ones
 */
public record BenchPlan(
    List<String> what,
    List<String> backbones,
    List<String> engines,
    List<String> precisions,
    List<Integer> batches,
    List<Integer> threads,
    int rounds,
    double seconds,
    Path pictures,
    Path weights,
    List<String> textBackbones,
    List<String> audioBackbones,
    Path texts,
    Path sounds) {
  private static final List<String> USUAL = List.of("gemm", "decode", "network", "endToEnd");
  private static final List<String> WHAT =
      List.of("gemm", "decode", "network", "endToEnd", "text", "audio");
  private static final List<String> PRECISIONS = List.of("fp32", "int8");
  private static final int MOST_BATCH = 1024;
  private static final int MOST_THREADS = 1024;
  private static final int MOST_ROUNDS = 1000;
  private static final double MOST_SECONDS = 3600;

  /** Five minutes on two cores. */
  public static final BenchPlan DEFAULTS =
      new BenchPlan(
          USUAL,
          List.of("resnet50", "vgg16"),
          BenchEngine.ids(),
          PRECISIONS,
          List.of(8),
          List.of(1),
          3,
          1,
          null,
          null,
          List.of("minilm_l6_int8"),
          List.of("vggish", "openl3_mel256"),
          null,
          null);

  public BenchPlan {
    what = List.copyOf(what);
    backbones = List.copyOf(backbones);
    textBackbones = List.copyOf(textBackbones);
    audioBackbones = List.copyOf(audioBackbones);
    engines = List.copyOf(engines);
    precisions = List.copyOf(precisions);
    batches = List.copyOf(batches);
    threads = List.copyOf(threads);
  }

  boolean has(What part) {
    return what.contains(part.id());
  }

  boolean seesPictures() {
    return what.stream().anyMatch(USUAL::contains);
  }

  /**
   * @throws org.graft.common.UserError that lists all that is wrong
   */
  public void check() {
    Problems problems = new Problems();
    OptionChecks options = new OptionChecks(problems);
    options.names("--what", what, WHAT);
    options.names("--engines", engines, BenchEngine.ids());
    options.names("--precisions", precisions, PRECISIONS);
    cards(options, "--backbones", backbones, card -> card.preprocessing() != null, "pictures");
    cards(options, "--text-backbones", textBackbones, card -> card.text() != null, "texts");
    cards(options, "--audio-backbones", audioBackbones, card -> card.audio() != null, "sounds");
    options.range("--batches", batches, MOST_BATCH);
    options.range("--threads", threads, MOST_THREADS);
    options.range("--rounds", List.of(rounds), MOST_ROUNDS);
    problems.check(
        seconds > 0 && seconds <= MOST_SECONDS,
        "--seconds is %s: it must be more than 0 and at most %s",
        seconds,
        MOST_SECONDS);
    if (problems.isEmpty()) {
      combinations(problems);
    }
    problems.throwIfAny("Cannot bench");
  }

  private void combinations(Problems problems) {
    for (String precision : precisions) {
      problems.check(
          engines.stream().anyMatch(engine -> BenchEngine.of(engine).computes(precision)),
          "--precisions has %s, which none of --engines %s computes in",
          precision,
          engines);
    }
    for (String engine : engines) {
      problems.check(
          precisions.stream().anyMatch(BenchEngine.of(engine)::computes),
          "--engines has %s, which computes in none of --precisions %s",
          engine,
          precisions);
    }
    problems.check(
        weights == null || backbones.size() == 1,
        "--weights is of one network, but --backbones are %s: name the one",
        backbones);
    problems.check(
        weights == null || Files.isRegularFile(weights),
        "--weights %s: there is no such file",
        weights);
    problems.check(
        pictures == null || Files.isDirectory(pictures),
        "--pictures %s: there is no such folder",
        pictures);
    problems.check(
        texts == null || Files.isRegularFile(texts), "--texts %s: there is no such file", texts);
    problems.check(
        sounds == null || Files.isDirectory(sounds),
        "--sounds %s: there is no such folder",
        sounds);
  }

  private static void cards(
      OptionChecks options,
      String option,
      List<String> names,
      Predicate<BackboneCard> fits,
      String what) {
    options.distinct(option, names);
    for (String name : names) {
      if (BenchCards.check(option, name, options.problems())) {
        options
            .problems()
            .check(
                fits.test(BenchCards.card(name)),
                "%s has '%s', which reads no %s",
                option,
                name,
                what);
      }
    }
  }
}
