package org.graft.spark;

import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.graft.backbone.Device;
import org.graft.common.UserError;

/** The card of the running task: the one whose address Spark gave to it. */
final class TaskDevice {
  private TaskDevice() {}

  /**
   * Here and now.
   *
   * @throws UserError if Spark gave none, several or one that this process does not see
   */
  static Device card() {
    if (CardSettings.plainLocal(SparkEnv.get().conf())) {
      return Device.cuda(0); // nobody gives out cards there: all tasks share the first one
    }
    TaskContext task = TaskContext.get();
    return card(task == null ? Map.of() : task.resourcesJMap(), VisibleCards.here());
  }

  static Device card(Map<String, ResourceInformation> given, VisibleCards visible) {
    ResourceInformation cards = given.get(CardSettings.GPU);
    if (cards == null) {
      throw new UserError(
          "Cannot compute on a card: Spark gave none to this task. " + CardSettings.ADD);
    }
    String[] addresses = cards.addresses();
    if (addresses.length != 1) {
      throw new UserError(
          "Cannot compute on the cards %s: a task uses one (got %d). Set %s to 1 or to a part of it."
              .formatted(String.join(", ", addresses), addresses.length, CardSettings.TASK_AMOUNT));
    }
    return Device.cuda(visible.ordinal(addresses[0]));
  }
}
