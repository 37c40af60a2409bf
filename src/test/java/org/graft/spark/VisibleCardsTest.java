package org.graft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.graft.common.UserError;
import org.junit.jupiter.api.Test;

/** As nvidia-smi -L prints it, of a machine of two cards, one of them cut, one not. */
class VisibleCardsTest {
  private static final String LISTED =
      """
      GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)
        MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
        MIG 3g.20gb     Device  1: (UUID: MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb)
      GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-69b1d0a0-6c1c-4f1f-9f5e-1b6a3c2d4e5f)
      """;

  private static int ordinal(String variable, String address) {
    return new VisibleCards(variable, () -> LISTED).ordinal(address);
  }

  private static String refused(String variable, String listed, String address) {
    return assertThrows(
            UserError.class, () -> new VisibleCards(variable, () -> listed).ordinal(address))
        .getMessage();
  }

  @Test
  void anIndexIsWhatCudaCountsWhereAllCardsAreVisible() {
    assertEquals(0, ordinal(null, "0"));
    assertEquals(13, ordinal(null, "13"));
  }

  @Test
  void theVariablesOrderCounts() {
    assertEquals(0, ordinal("3,1", "3"));
    assertEquals(1, ordinal("3, 1", "1"));
    assertEquals(1, ordinal("GPU-aa,GPU-bb", "GPU-bb"));
    assertEquals(1, ordinal("GPU-aa,GPU-69b1d0a0", "GPU-69b1d0a0-6c1c-4f1f-9f5e-1b6a3c2d4e5f"));
    assertEquals(
        0,
        ordinal(
            "MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb",
            "MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb"));
  }

  @Test
  void aCardThatIsNotVisibleIsRefused() {
    assertEquals(
        "Cannot use GPU '0', which Spark gave to this task: this process sees CUDA_VISIBLE_DEVICES=2,3 alone. Let the discovery script name what is visible, as submit/discover-gpus.sh does, or unset CUDA_VISIBLE_DEVICES for workers and executors.",
        refused("2,3", LISTED, "0"));
    assertTrue(refused("", LISTED, "0").contains("sees CUDA_VISIBLE_DEVICES= alone"));
    assertTrue(refused("1", LISTED, "13").contains("'13'"), "no beginning of an index is one");
  }

  @Test
  void uuidsAreLookedUpWhereTheVariableIsNotSet() {
    assertEquals(1, ordinal(null, "GPU-69b1d0a0-6c1c-4f1f-9f5e-1b6a3c2d4e5f"));
    assertEquals(0, ordinal(null, "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f"));
    assertEquals(
        "Cannot tell which card 'GPU-x' is, which Spark gave to this task: CUDA_VISIBLE_DEVICES is not set, and nvidia-smi lists none here. Let the discovery script print indices, as submit/discover-gpus.sh does, or set CUDA_VISIBLE_DEVICES for executors.",
        refused(null, "", "GPU-x"));
    assertTrue(refused(null, LISTED, "GPU-x").contains("lists [GPU-5d5ba0d6"));
    assertTrue(refused(null, LISTED, "0000:3b:00.0").contains("'0000:3b:00.0'"));
  }

  @Test
  void aProcessHasOneMigInstanceAlone() {
    String second = "MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb";
    String expected =
        "Cannot use MIG instance '%s': CUDA shows a process one instance alone, here %s. Give each executor one: spark.executor.resource.gpu.amount=1, and CUDA_VISIBLE_DEVICES in its environment.";
    String first = "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f";
    assertEquals(expected.formatted(second, first), refused(null, LISTED, second));
    assertEquals(expected.formatted(second, "0"), refused("0," + second, LISTED, second));
  }
}
