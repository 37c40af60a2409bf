package org.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpusTest {
  @TempDir Path folder;

  private FakeDriver driver() {
    return new FakeDriver(folder);
  }

  @Test
  void cardsAreThoseThatTheDriversProgramLists() {
    Gpus two = driver().gpus(FakeDriver.L4, FakeDriver.RTX);
    assertEquals("", two.problem());
    assertEquals(
        new Gpu(0, "GPU-01f2a3b4-0000", "NVIDIA L4", "8.9", "580.65.06", "23034 MiB"),
        two.cards().get(0));
    assertEquals(
        "NVIDIA RTX A6000 (compute capability 8.6, driver 580.65.06)",
        two.card(Device.cuda(1)).orElseThrow().toString());
    assertTrue(two.card(Device.cuda(2)).isEmpty());
    assertTrue(two.card(Device.CPU).isEmpty());
  }

  @Test
  void onlyThoseThatCudaWouldShowCount() {
    assertEquals(List.of(1), visible("1"));
    assertEquals(List.of(1, 0), visible("1,0"));
    assertEquals(List.of(1), visible("GPU-11f2"));
    assertEquals(List.of(0), visible("0,7,1"), "CUDA stops at the first that there is not");
    assertEquals(List.of(), visible("-1"));
    assertEquals(List.of(), visible(""));
    assertEquals(
        "CUDA_VISIBLE_DEVICES is '-1', which leaves no card", Gpus.of(seeing("-1")).problem());
  }

  private List<Integer> visible(String value) {
    return Gpus.of(seeing(value)).cards().stream().map(Gpu::index).toList();
  }

  private Map<String, String> seeing(String value) {
    Map<String, String> environment = new HashMap<>(driver().with(FakeDriver.L4, FakeDriver.RTX));
    environment.put("CUDA_VISIBLE_DEVICES", value);
    return environment;
  }

  @Test
  void aDriverThatDoesNotAnswerIsToldFromNoDriver() {
    Gpus none = Gpus.of(Map.of("PATH", folder.toString()));
    assertFalse(none.hasDriver());
    assertEquals("there is no nvidia-smi on the PATH", none.problem());

    Gpus broken = Gpus.of(driver().answers("echo 'Failed to initialize NVML'; exit 18"));
    assertTrue(broken.hasDriver());
    assertTrue(
        broken.problem().endsWith("nvidia-smi: exit code 18, Failed to initialize NVML"),
        broken::problem);
    assertTrue(
        Gpus.of(driver().answers("echo 'No devices were found'")).problem().endsWith("no card"));
    assertTrue(
        Gpus.of(driver().answers("echo 0, GPU-1, Tesla, [N/A], 390.157, 1 MiB"))
            .problem()
            .contains("not understood: 0, GPU-1, Tesla, [N/A]"));
  }

  @Test
  void levelsCompareAsCapabilitiesDo() {
    assertEquals(89, driver().gpus(FakeDriver.L4).cards().get(0).level());
    assertEquals(120, driver().gpus(FakeDriver.BLACKWELL).cards().get(0).level());
  }
}
