package org.graft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apache.spark.SparkConf;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;

class CardSettingsTest {
  private static SparkConf conf(String master, String... settings) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    for (int i = 0; i < settings.length; i += 2) {
      conf.set(settings[i], settings[i + 1]);
    }
    return conf;
  }

  @Test
  void localModeWithCardsIsRefusedBeforeItHangs() {
    assertEquals(
        "Cannot run with spark.task.resource.gpu.amount=0.5 on local[4]: Spark's local mode gives out no cards, and tasks would wait for one for ever. Leave it out: there backbone.device: cuda takes the first card for all tasks. For several cards start a standalone cluster, of one machine even, or take --master local-cluster[1,CORES,MEGABYTES].",
        assertThrows(
                UserError.class,
                () -> CardSettings.check(conf("local[4]", CardSettings.TASK_AMOUNT, "0.5")))
            .getMessage());
    for (String master : new String[] {"local", "local[*]", "local[2,3]"}) {
      SparkConf conf = conf(master, CardSettings.EXECUTOR_AMOUNT, "1");
      assertThrows(UserError.class, () -> CardSettings.check(conf), master);
    }
  }

  @Test
  void otherMastersMayHaveCardsAndLocalModeMayHaveNone() {
    CardSettings.check(conf("local[*]"));
    CardSettings.check(conf("local[*]", CardSettings.EXECUTOR_AMOUNT, "0"));
    for (String master : new String[] {"local-cluster[1,2,1024]", "spark://h:7077", "yarn"}) {
      CardSettings.check(conf(master, CardSettings.TASK_AMOUNT, "1"));
    }
  }

  @Test
  void everyTaskGetsAShareWhereStagesMayNotWish() {
    SparkConf conf = conf("yarn", CardSettings.EXECUTOR_AMOUNT, "2", "spark.executor.cores", "9");
    assertEquals(
        "Spark 3.5.0 on yarn gives cards to tasks of all stages alike: took spark.task.resource.gpu.amount=0.2500, so that 4 tasks share a card.",
        CardSettings.fallBack(conf, "3.5.0"));
    assertEquals("0.2500", conf.get(CardSettings.TASK_AMOUNT));
    SparkConf few = conf("k8s://h", CardSettings.EXECUTOR_AMOUNT, "4", "spark.executor.cores", "2");
    assertFalse(CardSettings.fallBack(few, "3.5.0").isEmpty());
    assertEquals("1.0000", few.get(CardSettings.TASK_AMOUNT));
  }

  @Test
  void whatTheUserSaysOrSparkCanDoStays() {
    for (SparkConf conf :
        new SparkConf[] {
          conf("yarn"),
          conf("yarn", CardSettings.EXECUTOR_AMOUNT, "0"),
          conf("spark://h:7077", CardSettings.EXECUTOR_AMOUNT, "1"),
          conf("local-cluster[1,2,1024]", CardSettings.EXECUTOR_AMOUNT, "1"),
          conf("yarn", CardSettings.EXECUTOR_AMOUNT, "1", "spark.dynamicAllocation.enabled", "true")
        }) {
      assertEquals("", CardSettings.fallBack(conf, "3.5.0"));
      assertFalse(conf.contains(CardSettings.TASK_AMOUNT));
    }
    assertEquals(
        "", CardSettings.fallBack(conf("yarn", CardSettings.EXECUTOR_AMOUNT, "1"), "3.5.9"));
    SparkConf said =
        conf("yarn", CardSettings.EXECUTOR_AMOUNT, "1", CardSettings.TASK_AMOUNT, "0.5");
    assertEquals("", CardSettings.fallBack(said, "3.5.0"));
    assertEquals("0.5", said.get(CardSettings.TASK_AMOUNT));
  }

  @Test
  void aTaskWithACardHasTheCardsShareOfTheCores() {
    SparkConf conf = conf("yarn", CardSettings.EXECUTOR_AMOUNT, "2");
    assertEquals(3, CardStage.coresATask(conf, () -> 7));
    assertEquals(1, CardStage.coresATask(conf, () -> 1));
    assertEquals(8, CardStage.coresATask(conf.set("spark.executor.cores", "16"), () -> 7));
    assertEquals(9, CardStage.coresATask(conf.set("spark.task.cpus", "9"), () -> 7));
  }

  @Test
  void aStageThatNoExecutorHasACardForIsRefused() {
    assertEquals(
        "Cannot compute on cards: executors have none. Add --conf spark.executor.resource.gpu.amount=N (cards an executor) and, where Spark does not take a stage's own wish, --conf spark.task.resource.gpu.amount=1 (or 0.5: two tasks a card), or set backbone.device: cpu.",
        assertThrows(UserError.class, () -> CardStage.coresATask(conf("spark://h:7077"), () -> 7))
            .getMessage());
  }
}
