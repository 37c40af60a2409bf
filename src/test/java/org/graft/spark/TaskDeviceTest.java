package org.graft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.graft.backbone.Device;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;

class TaskDeviceTest {
  private static final VisibleCards CARDS = new VisibleCards("4,5", () -> "");

  private static Device card(String... addresses) {
    return TaskDevice.card(Map.of("gpu", new ResourceInformation("gpu", addresses)), CARDS);
  }

  @Test
  void theTasksAddressIsItsCard() {
    assertEquals(Device.cuda(1), card("5"));
    assertEquals(Device.cuda(0), card("4"));
  }

  @Test
  void aTaskWithoutACardIsToldWhatToAdd() {
    Map<String, ResourceInformation> others =
        Map.of("fpga", new ResourceInformation("fpga", new String[] {"0"}));
    assertEquals(
        "Cannot compute on a card: Spark gave none to this task. Add --conf spark.executor.resource.gpu.amount=N (cards an executor) and, where Spark does not take a stage's own wish, --conf spark.task.resource.gpu.amount=1 (or 0.5: two tasks a card), or set backbone.device: cpu.",
        assertThrows(UserError.class, () -> TaskDevice.card(others, CARDS)).getMessage());
  }

  @Test
  void aTaskUsesOneCard() {
    assertEquals(
        "Cannot compute on the cards 4, 5: a task uses one (got 2). Set spark.task.resource.gpu.amount to 1 or to a part of it.",
        assertThrows(UserError.class, () -> card("4", "5")).getMessage());
  }
}
