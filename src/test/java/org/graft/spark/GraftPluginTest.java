package org.graft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.Clock;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.graft.feature.BatchReport;
import org.graft.sample.Rejection.Reason;
import org.graft.spark.GraftPlugin.Told;
import org.junit.jupiter.api.Test;

/** The driver adds up what executors tell, however the messages arrive. */
class GraftPluginTest {
  private static final BatchReport BATCH =
      new BatchReport(8, Map.of(Reason.CORRUPT, 2), 1_000_000_000L, 2_000_000_000L, 500_000_000L);

  private final GraftPlugin plugin = new GraftPlugin();
  private final Place driver = new Place("driver");

  /** A place in a cluster, where messages are kept. */
  private static final class Place implements PluginContext {
    private final String id;
    private final MetricRegistry registry = new MetricRegistry();
    private Map<String, ResourceInformation> resources = Map.of();
    private final List<Object> sent = Collections.synchronizedList(new ArrayList<>());

    Place(String id) {
      this.id = id;
    }

    long count(String name) {
      return ((Meter) registry.getMetrics().get(name)).getCount();
    }

    Object gauge(String name) {
      return ((Gauge<?>) registry.getMetrics().get(name)).getValue();
    }

    @Override
    public MetricRegistry metricRegistry() {
      return registry;
    }

    @Override
    public SparkConf conf() {
      return new SparkConf(false);
    }

    @Override
    public String executorID() {
      return id;
    }

    @Override
    public String hostname() {
      return "localhost";
    }

    @Override
    public Map<String, ResourceInformation> resources() {
      return resources;
    }

    @Override
    public void send(Object message) {
      sent.add(message);
    }

    @Override
    public Object ask(Object message) {
      throw new UnsupportedOperationException();
    }
  }

  private DriverPlugin onDriver() {
    DriverPlugin onDriver = plugin.driverPlugin();
    onDriver.registerMetrics("app", driver);
    return onDriver;
  }

  private static Told told(String executor, int batches) {
    Meters meters = new Meters();
    for (int i = 0; i < batches; i++) {
      meters.extracted(BATCH);
    }
    return new Told(executor, meters.counts());
  }

  @Test
  void messagesThatComeTwiceOrLateCountOnce() throws Exception {
    DriverPlugin onDriver = onDriver();
    for (Told message :
        List.of(told("1", 1), told("2", 5), told("1", 3), told("1", 2), told("1", 3))) {
      onDriver.receive(message);
    }
    assertEquals(8 * 8, driver.count("application.samples"));
    assertEquals(8, driver.count("application.batches"));
    assertEquals(8 * 2, driver.count("application.rejected.CORRUPT"));
    assertEquals(0, driver.count("application.rejected.EMPTY"));
    assertEquals(16.0, driver.gauge("application.seconds.decode"));
    assertEquals(4.0, driver.gauge("application.seconds.network"));
  }

  @Test
  void anExecutorShowsItsOwnCountsAndTellsThemOnceATaskHasEnded() throws Exception {
    Place place = new Place("7");
    ExecutorPlugin executor = plugin.executorPlugin();
    executor.init(place, Map.of());
    try {
      ExecutorCache.meters().extracted(BATCH);
      ExecutorCache.meters().indexed();
      ExecutorCache.meters().rejected(Reason.EMPTY);
      executor.onTaskSucceeded();
      assertTrue(place.sent.size() >= 1, place.sent::toString);
      int sent = place.sent.size();
      executor.onTaskSucceeded();
      assertEquals(sent, place.sent.size(), "nothing new is nothing to tell");
    } finally {
      executor.shutdown();
    }
    assertEquals(8, place.count("samples"));
    assertEquals(1, place.count("rejected.EMPTY"));
    assertEquals(1, place.registry.getTimers().get("batch").getCount());
    assertEquals(3_500_000_000L, place.registry.getTimers().get("batch").getSnapshot().getMax());
    DriverPlugin onDriver = onDriver();
    for (Object message : place.sent) {
      onDriver.receive(message);
    }
    assertEquals(8, driver.count("application.samples"));
    assertEquals(1, driver.count("application.indexed"));
  }

  @Test
  void theBusyShareIsThatOfTheLastMinutesTimeByCard() {
    AtomicLong now = new AtomicLong();
    Meters meters =
        new Meters(
            new Clock() {
              @Override
              public long getTick() {
                return now.get();
              }
            });
    meters.registerCard(driver.metricRegistry(), 0, "GPU-a");
    meters.registerCard(driver.metricRegistry(), 1, "GPU-b");
    meters.register(driver.metricRegistry(), "");
    for (int second = 0; second < 600; second++) {
      now.addAndGet(1_000_000_000L);
      meters.onCard(0, 750_000_000L);
      meters.onCard(1, second < 300 ? 1_000_000_000L : 0);
    }
    assertEquals(0.75, (double) driver.gauge("gpu.GPU-a.busy"), 0.01);
    assertEquals(0, (double) driver.gauge("gpu.GPU-b.busy"), 0.02);
    assertEquals(750.0, driver.gauge("seconds.gpu"));
  }

  @Test
  void anExecutorShowsTheCardsThatSparkGaveToIt() {
    Place place = new Place("7");
    place.resources =
        Map.of("gpu", new ResourceInformation("gpu", new String[] {"0", "nonsense", "1"}));
    ExecutorPlugin executor = plugin.executorPlugin();
    executor.init(place, Map.of());
    executor.shutdown();
    assertEquals(
        List.of("gpu.0.busy", "gpu.1.busy"),
        place.registry.getGauges().keySet().stream()
            .filter(name -> name.startsWith("gpu."))
            .toList());
    assertEquals(0.0, place.gauge("gpu.0.busy"));
  }
}
