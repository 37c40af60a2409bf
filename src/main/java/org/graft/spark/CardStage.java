package org.graft.spark;

import java.util.function.IntSupplier;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.graft.backbone.BackboneLoader;
import org.graft.common.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * The stage that runs a network on cards: each of its tasks has a card, and the card's share of the
 * executor's cores to decode for it. All other stages use cores and no card.
 *
 * <p>Where the settings give every task a share of a card, they hold for this stage as well: Spark
 * 3.5 counts shares by them alone, and a stage that wishes otherwise would share cards that it
 * wants for itself (SPARK-45527).
 */
final class CardStage {
  private static final Logger log = LoggerFactory.getLogger(CardStage.class);

  private CardStage() {}

  /**
   * The same rows, computed with cards if that is where the engine computes.
   *
   * @throws UserError if no task would get one
   */
  static <T> JavaRDD<T> of(Session session, BackboneLoader loader, JavaRDD<T> rows) {
    SparkContext context = session.context().sc();
    SparkConf conf = context.getConf();
    if (!loader.onCards() || CardSettings.plainLocal(conf) || CardSettings.everyTask(conf)) {
      return rows;
    }
    int cores = coresATask(conf, () -> fewestCores(context));
    log.info("extraction: a card and {} of its executor's cores a task", cores);
    return rows.withResources(profile(context, cores));
  }

  /**
   * A card's share of its executor's cores, and no less than every task has.
   *
   * @param fewest cores that an executor has, where the settings do not say it
   */
  static int coresATask(SparkConf conf, IntSupplier fewest) {
    int cards = CardSettings.executorAmount(conf);
    if (cards == 0) {
      throw new UserError("Cannot compute on cards: executors have none. " + CardSettings.ADD);
    }
    int set = conf.getInt("spark.executor.cores", 0);
    int cores = set > 0 ? set : fewest.getAsInt();
    return Math.max(conf.getInt("spark.task.cpus", 1), cores / cards);
  }

  /** The same one each time: executors that dynamic allocation starts are one profile's. */
  private static ResourceProfile profile(SparkContext context, int cores) {
    ResourceProfile wish =
        new ResourceProfileBuilder()
            .require(new TaskResourceRequests().cpus(cores).resource(CardSettings.GPU, 1))
            .build();
    Option<ResourceProfile> known = context.resourceProfileManager().getEquivalentProfile(wish);
    return known.isDefined() ? known.get() : wish;
  }

  /** Of the executors that there are now; 1 if there are none yet. */
  private static int fewestCores(SparkContext context) {
    return JavaConverters.seqAsJavaList(context.statusStore().executorList(true)).stream()
        .mapToInt(ExecutorSummary::totalCores)
        .filter(cores -> cores > 0) // the driver has none
        .min()
        .orElse(1);
  }
}
