package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.graft.bench.BenchPlan;
import org.graft.common.ExitCode;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchOptionsTest {
  @TempDir Path folder;

  private static BenchOptions parse(String line) {
    return BenchOptions.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")));
  }

  @Test
  void defaultsAreWhatTheUsageSays() {
    BenchOptions options = parse("");
    assertEquals(BenchPlan.DEFAULTS, options.plan());
    assertNull(options.json());
    StringBuilder fromUsage = new StringBuilder();
    BenchOptions.USAGE
        .lines()
        .map(String::strip)
        .filter(
            l ->
                l.matches(
                    "--(what|backbones|engines|precisions|batches|threads|rounds|seconds) .*"))
        .map(l -> l.split(" +"))
        .forEach(words -> fromUsage.append(words[0]).append(' ').append(words[1]).append(' '));
    assertEquals(BenchPlan.DEFAULTS, parse(fromUsage.toString().strip()).plan());
    assertEquals(8, fromUsage.toString().split("--").length - 1);
  }

  @Test
  void everyOptionIsRead() throws IOException {
    Path weights = Files.createFile(folder.resolve("w.pth"));
    BenchOptions options =
        parse(
            "--json r.json --what network,gemm --backbones vgg16.keras_in1k --engines onnx"
                + " --precisions int8 --batches 1,32 --threads 2,4 --rounds 5 --seconds 0.25"
                + " --pictures "
                + folder
                + " --weights "
                + weights
                + " --text-backbones minilm_l6 --audio-backbones yamnet --texts "
                + weights
                + " --sounds "
                + folder);
    assertEquals(Path.of("r.json"), options.json());
    assertEquals(
        new BenchPlan(
            List.of("network", "gemm"),
            List.of("vgg16.keras_in1k"),
            List.of("onnx"),
            List.of("int8"),
            List.of(1, 32),
            List.of(2, 4),
            5,
            0.25,
            folder,
            weights,
            List.of("minilm_l6"),
            List.of("yamnet"),
            weights,
            folder),
        options.plan());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--batch 8; '--batch' is no option of it. Did you mean '--batches'?",
        "c.yaml; 'c.yaml' is no option of it.",
        "--rounds; --rounds needs a value.",
        "--rounds x; --rounds has 'x': it must be a whole number",
        "--seconds soon; --seconds has 'soon': it must be a number",
        "--seconds 0; --seconds is 0.0: it must be more than 0",
        "--seconds NaN; --seconds is NaN: it must be more than 0",
        "--batches 8,0; --batches has 0: it must be 1 to 1024",
        "--threads 2,2; --threads names something twice: [2, 2]",
        "--what netwrok; --what has 'netwrok': it must be of [gemm, decode, network, endToEnd, text, audio]. Did you mean 'network'?",
        "--text-backbones resnet50; --text-backbones has 'resnet50', which reads no texts",
        "--audio-backbones minilm_l6; --audio-backbones has 'minilm_l6', which reads no sounds",
        "--backbones vggish; --backbones has 'vggish', which reads no pictures",
        "--text-backbones minlm; --text-backbones has 'minlm': it must be of `graft backbones list`",
        "--texts no.txt; --texts no.txt: there is no such file",
        "--sounds no/such; --sounds no/such: there is no such folder",
        "--engines onnx,tensorflow; --engines has 'tensorflow': it must be of [dl4j-stock, dl4j, onnx, onnx-cuda].",
        "--precisions bf16; --precisions has 'bf16': it must be of [fp32, int8, tf32, fp16].",
        "--backbones resnet500; Did you mean 'resnet50'?",
        "--backbones ,; --backbones is empty",
        "--engines dl4j; --precisions has int8, which none of --engines [dl4j] computes in",
        "--engines onnx --precisions fp32,fp16; --precisions has fp16, which none of --engines [onnx] computes in",
        "--precisions int8; --engines has dl4j-stock, which computes in none of --precisions [int8]",
        "--weights no.pth; --weights is of one network, but --backbones are [resnet50, vgg16]",
        "--backbones vgg16 --weights no.pth; --weights no.pth: there is no such file",
        "--pictures no/such; --pictures no/such: there is no such folder",
      })
  void mistakesAreNamed(String line, String message) {
    UserError e = assertThrows(UserError.class, () -> parse(line));
    assertEquals(ExitCode.BAD_INPUT, e.exitCode());
    assertTrue(e.getMessage().startsWith("Cannot bench"), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void allMistakesAreNamedAtOnce() {
    String message =
        assertThrows(UserError.class, () -> parse("--rounds x --threads y")).getMessage();
    assertTrue(message.contains("(2 problems)"), message);
  }
}
