package org.graft.job;

import java.nio.file.Path;
import java.util.List;
import org.graft.bench.BenchPlan;
import org.graft.common.UserError;

/**
 * The options of {@code graft bench}: {@code --NAME VALUE}, lists with commas.
 *
 * @param json where the records go, or null
 */
record BenchOptions(BenchPlan plan, Path json) {
  static final String USAGE =
      """
      usage: graft bench [--json FILE] [OPTION]...

        --what gemm,decode,network,endToEnd   parts to measure; also text, audio
        --backbones resnet50,vgg16            networks; the first also goes end to end
        --engines dl4j-stock,dl4j,onnx        DL4J as it comes, with oneDNN, compiled for ONNX Runtime; onnx-cuda
        --precisions fp32,int8                int8 is of onnx only; tf32, fp16 of onnx-cuda
        --batches 8                           pictures a call
        --threads 1                           calling at the same time
        --rounds 3                            turns of each, medians are taken over them
        --seconds 1                           of one turn; more is steadier
        --pictures FOLDER                     JPEG files instead of generated pictures
        --weights FILE                        of the one backbone, instead of random ones
        --text-backbones minilm_l6_int8       networks for texts, of --what text
        --audio-backbones vggish,openl3_mel256 networks for recordings, of --what audio
        --texts FILE                          a text a line instead of made-up texts
        --sounds FOLDER                       recordings whose decoding is measured, too
      """;

  private static final List<String> NAMES =
      List.of(
          "--json",
          "--what",
          "--backbones",
          "--engines",
          "--precisions",
          "--batches",
          "--threads",
          "--rounds",
          "--seconds",
          "--pictures",
          "--weights",
          "--text-backbones",
          "--audio-backbones",
          "--texts",
          "--sounds");

  /**
   * @param args after the verb
   * @throws UserError that lists what is wrong
   */
  static BenchOptions parse(List<String> args) {
    GivenOptions given = GivenOptions.parse(args, NAMES, "Cannot bench", USAGE);
    BenchPlan plan = plan(given);
    given.problems().throwIfAny("Cannot bench");
    plan.check();
    return new BenchOptions(plan, given.path("--json"));
  }

  private static BenchPlan plan(GivenOptions given) {
    BenchPlan defaults = BenchPlan.DEFAULTS;
    return new BenchPlan(
        given.list("--what", defaults.what()),
        given.list("--backbones", defaults.backbones()),
        given.list("--engines", defaults.engines()),
        given.list("--precisions", defaults.precisions()),
        given.integers("--batches", defaults.batches()),
        given.integers("--threads", defaults.threads()),
        given.integer("--rounds", defaults.rounds()),
        given.decimal("--seconds", defaults.seconds()),
        given.path("--pictures"),
        given.path("--weights"),
        given.list("--text-backbones", defaults.textBackbones()),
        given.list("--audio-backbones", defaults.audioBackbones()),
        given.path("--texts"),
        given.path("--sounds"));
  }
}
