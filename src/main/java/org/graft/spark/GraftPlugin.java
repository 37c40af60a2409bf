package org.graft.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.resource.ResourceInformation;
import org.graft.common.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives Spark's metrics system what Graft counts: {@code
 * spark.plugins=org.graft.spark.GraftPlugin}. Each executor shows its own counts, and the driver
 * those of all executors together, under {@code application.}, since nobody can ask an executor.
 */
public final class GraftPlugin implements SparkPlugin {
  private static final Logger log = LoggerFactory.getLogger(GraftPlugin.class);

  @Override
  public DriverPlugin driverPlugin() {
    return new OnDriver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new OnExecutor();
  }

  /** An executor's counts so far; that they may come late, twice or not in order does no harm. */
  record Told(String executor, Counts counts) implements Serializable {}

  private static final class OnDriver implements DriverPlugin {
    private final Meters all = new Meters();
    private final Map<String, Counts> last = new ConcurrentHashMap<>();

    @Override
    public Map<String, String> init(SparkContext context, PluginContext plugin) {
      return Map.of();
    }

    @Override
    public void registerMetrics(String application, PluginContext plugin) {
      all.register(plugin.metricRegistry(), "application.");
    }

    @Override
    public Object receive(Object message) {
      if (message instanceof Told told) {
        last.compute(told.executor(), (executor, before) -> grown(before, told.counts()));
      }
      return null;
    }

    private Counts grown(Counts before, Counts now) {
      Counts known = before == null ? Counts.NONE : before;
      Counts more = now.since(known);
      all.add(more);
      return known.plus(more);
    }
  }

  private static final class OnExecutor implements ExecutorPlugin {
    private static final long EVERY_SECONDS = 1;

    private final Meters meters = new Meters();
    private PluginContext plugin;
    private ScheduledExecutorService clock;
    private Counts told = Counts.NONE;

    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      plugin = context;
      meters.register(context.metricRegistry(), "");
      meters.registerLatency(context.metricRegistry());
      registerCards(context);
      ExecutorCache.count(meters);
      clock =
          Executors.newSingleThreadScheduledExecutor(
              work -> {
                Thread thread = new Thread(work, "graft-metrics");
                thread.setDaemon(true);
                return thread;
              });
      ScheduledFuture<?> unused =
          clock.scheduleWithFixedDelay(this::tell, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void registerCards(PluginContext context) {
      ResourceInformation cards = context.resources().get(CardSettings.GPU);
      if (cards == null) {
        return;
      }
      VisibleCards visible = VisibleCards.here();
      for (String address : cards.addresses()) {
        try {
          meters.registerCard(context.metricRegistry(), visible.ordinal(address), address);
        } catch (UserError e) { // for tasks to say, if there is one that wants this card
          log.warn("GPU {} is not measured: {}", address, e.getMessage());
        }
      }
    }

    @Override
    public void onTaskSucceeded() {
      tell();
    }

    @Override
    public void onTaskFailed(TaskFailedReason reason) {
      tell();
    }

    /** A metric is worth no task: what cannot be told now is told with what comes later. */
    private synchronized void tell() {
      Counts now = meters.counts();
      if (now.equals(told)) {
        return;
      }
      try {
        plugin.send(new Told(plugin.executorID(), now));
        told = now;
      } catch (IOException | RuntimeException e) {
        log.debug("cannot tell the driver what was counted", e);
      }
    }

    @Override
    public void shutdown() {
      clock.shutdownNow();
    }
  }
}
