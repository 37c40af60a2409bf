package org.graft.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.graft.common.ExitCode;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;

class SmokeTestTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private ExitCode run(String... arguments) throws IOException {
    PrintStream both = new PrintStream(out, true, StandardCharsets.UTF_8);
    return SmokeTest.run(both, both, Map.of(), arguments);
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theProcessorIsTried() throws IOException {
    ExitCode code = run("--device", "cpu", "--width", "4", "--batches", "2", "--rounds", "1");
    assertEquals(ExitCode.DONE, code, this::said);
    for (String wanted :
        new String[] {
          "card       none answers: there is no nvidia-smi on the PATH\n",
          "providers  [CPU",
          "library    libcudnn.so.9 is",
          "network    resnet50.random, 128 features",
          "parity     fp32 on cpu: cosine with the processor's fp32 1.000000",
          "rate       fp32 batch 2, network only, callers 2: ",
          "rate       fp32 batch 2, JPEG to features, threads "
        }) {
      assertTrue(said().contains(wanted), () -> wanted + " in " + said());
    }
  }

  @Test
  void withoutACardTheMessageSaysWhatIsMissing() throws IOException {
    assertEquals(ExitCode.FAILED, run());
    assertTrue(
        said()
            .endsWith(
                "Cannot try a card: no card answers (there is no nvidia-smi on the PATH). See what nvidia-smi prints. Or give --device cpu, to try the processor.\n"),
        this::said);
    assertFalse(said().contains("rate"), this::said);
  }

  @Test
  void allWrongOptionsAreToldAtOnce() throws IOException {
    assertEquals(ExitCode.BAD_INPUT, run("--device", "tpu", "--batches", "1,0", "--widht", "8"));
    for (String wanted : new String[] {"3 problems", "'tpu'", "'0'", "--widht"}) {
      assertTrue(said().contains(wanted), this::said);
    }
  }

  @Test
  void whatIsNotAlikeFails() {
    float[][] reference = {{1, 2, 3}, {3, 1, 0}};
    float[][] alike = {{2, 4, 6.001f}, {3, 1, 0}};
    Parity.of(reference, alike).check("fp16");
    float[][] other = {{1, 2, 3}, {3, 1, 0.1f}};
    float[][] none = {{1, 2, 3}, {Float.NaN, 1, 0}};
    for (float[][] wrong : new float[][][] {other, none}) {
      assertTrue(
          assertThrows(UserError.class, () -> Parity.of(reference, wrong).check("fp16"))
              .getMessage()
              .contains("its features are not the processor's"));
    }
  }
}
