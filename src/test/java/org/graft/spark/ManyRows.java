package org.graft.spark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.management.NotificationEmitter;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.Checks;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.feature.FeatureFingerprint;
import org.graft.feature.FeatureManifest;
import org.graft.feature.FeatureVector;
import org.graft.sample.SampleSource;
import org.graft.sample.Split;
import org.graft.sample.Splitter;
import org.graft.testing.MemoryStorage;

/**
 * A data set of many samples of a few bytes through all that counts rows and no bytes: index,
 * split, the join with what is stored, dealing out, the manifest, the join with labels. A program
 * of its own, so that its heap is its own.
 *
 * <p>Arguments: a folder and the number of rows. Its last line is JSON: seconds and bytes.
 */
public final class ManyRows {
  private static final int CLASSES = 1000;
  private static final int STORED_OF_TEN = 9;
  private static final int LISTED = 500_000;

  private static final FeatureFingerprint FINGERPRINT =
      new FeatureFingerprint(
          "w", "n", "c", Pooling.NONE, null, "d", "e", "fp32", 8, "float", null, null, null);

  private final Map<String, Object> told = new LinkedHashMap<>();
  private final AtomicLong inUse = new AtomicLong();
  private final Shuffled shuffled = new Shuffled();

  /** Bytes that tasks wrote for other tasks. */
  private static final class Shuffled extends SparkListener {
    private final AtomicLong bytes = new AtomicLong();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      bytes.addAndGet(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
    }
  }

  private ManyRows() {}

  public static void main(String[] args) throws IOException {
    ManyRows rows = new ManyRows();
    rows.watchHeap();
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.local.dir", args[0] + "/spark")
            .config("spark.sql.shuffle.partitions", "8")
            .config("spark.sql.files.openCostInBytes", "65536");
    try (SparkSession spark = builder.getOrCreate()) {
      spark.sparkContext().addSparkListener(rows.shuffled);
      rows.run(spark, args[0], Long.parseLong(args[1]));
    }
    rows.told.put("heapBytesAfterCollection", rows.inUse.get());
    rows.told.put("heapBytesMost", Runtime.getRuntime().maxMemory());
    System.out.println(Json.line(rows.told));
  }

  /** The most that is alive, as each collection of the whole heap or of a part leaves it. */
  private void watchHeap() {
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (notification, unused) -> inUse.accumulateAndGet(alive(), Math::max), null, null);
    }
  }

  private static long alive() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
        .map(MemoryPoolMXBean::getCollectionUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }

  private <T> T timed(String name, Session.Question<T> question) throws IOException {
    long begin = System.nanoTime();
    T result = question.ask();
    told.put(name + " shuffled", shuffled.bytes.getAndSet(0));
    told.put(name, Math.round((System.nanoTime() - begin) / 1e7) / 100.0);
    return result;
  }

  private void run(SparkSession spark, String folder, long rows) throws IOException {
    Session session = new Session(spark);
    Workspace workspace = new Workspace(folder + "/workspace");
    SampleSource source = new SampleSource.Table(folder + "/table", "content", "", "label", "");
    told.put("listingBytesAFile", listing());
    timed("table", () -> table(spark, folder + "/table", rows));
    Index index =
        timed(
            "index",
            () ->
                new Indexer(session, workspace)
                    .index(
                        new IndexOptions(
                            source, false, List.of(), new Splitter(0.7, 0.1, 7), 1 << 20),
                        "run",
                        folder + "/rejected"));
    same("samples", rows, index.card().samples());
    long split = 0;
    for (Split each : Split.values()) {
      split += index.card().count(each);
    }
    same("samples of all splits", rows, split);
    FeatureStore store = new FeatureStore(spark, session.storage(), workspace, FINGERPRINT);
    long stored = timed("store", () -> store(session, index, store, rows));
    FeatureManifest manifest = timed("manifest", store::commit);
    same("rows of the manifest", stored, manifest.rows());
    told.put("parts", manifest.parts().size());
    told.put("manifestBytes", bytes(session, store.folder(), FeatureStore.MANIFEST));
    told.put("partBytes", bytes(session, store.folder(), "part-"));
    told.put("indexBytes", bytes(session, folder + "/workspace/index", "part-"));
    same("pending", rows - stored, timed("join", () -> dealt(session, index, store, source, rows)));
    long labelled = 0;
    for (Split each : Split.values()) {
      Dataset<Row> some = LabelledRows.of(index, store, each);
      labelled += timed("labels " + each.id(), some::count);
    }
    same("labelled", stored, labelled);
  }

  /** What the driver keeps of each file of a folder, whose path has 71 letters. */
  private static long listing() throws IOException {
    Storage many =
        new MemoryStorage() {
          @Override
          public List<Entry> list(String folder) {
            return IntStream.range(0, LISTED).mapToObj(i -> listed(folder, i)).toList();
          }
        };
    long before = used();
    List<SourceListing.File> files = SourceListing.of(many, "/data/pictures");
    long bytes = (used() - before) / files.size();
    same("files", LISTED, files.size());
    return bytes;
  }

  private static Storage.Entry listed(String folder, int i) {
    return new Storage.Entry(
        "%s/class-%04d/2026/01/picture-%025d.jpg".formatted(folder, i % CLASSES, i), 100_000, i);
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long bytes(Session session, String folder, String prefix) throws IOException {
    return session.storage().list(folder).stream()
        .filter(file -> file.path().contains("/" + prefix))
        .mapToLong(Storage.Entry::length)
        .sum();
  }

  private static void same(String what, long expected, long got) {
    Checks.state(expected == got, "%s: expected %d, got %d", what, expected, got);
  }

  /** 16 files; each sample eight bytes and a name. */
  private static Object table(SparkSession spark, String path, long rows) throws IOException {
    Tables.write(
        spark
            .range(0, rows, 1, 16)
            .selectExpr(
                "encode(lpad(hex(id), 8, '0'), 'UTF-8') AS content",
                "concat('class-', id %% %d) AS label".formatted(CLASSES)),
        path);
    return path;
  }

  /** As an extraction of nine in ten leaves them: as many parts, by the writer that it has. */
  private static long store(Session session, Index index, FeatureStore store, long rows) {
    Broadcast<SerializableConfiguration> conf = session.conf();
    String folder = store.folder();
    int tasks = Spread.tasks(session, 0, rows);
    return Spread.byKey(index.samples().select("key").toJavaRDD(), tasks)
        .mapPartitionsWithIndex((shard, keys) -> part(conf, folder, shard, keys), false)
        .fold(0L, Long::sum);
  }

  private static Iterator<Long> part(
      Broadcast<SerializableConfiguration> conf, String folder, int shard, Iterator<Row> keys)
      throws IOException {
    HadoopStorage storage = new HadoopStorage(conf.value().value());
    long written = 0;
    try (FeaturePartWriter part =
        new FeaturePartWriter(storage, conf.value().value(), folder, "e-" + shard)) {
      while (keys.hasNext()) {
        String key = keys.next().getAs("key");
        if (Integer.parseInt(key.substring(60), 16) % 10 < STORED_OF_TEN) {
          part.write(new FeatureVector(key, "", new float[] {written, 1}));
          written++;
        }
      }
      part.commit();
    }
    return List.of(written).iterator();
  }

  /** What is not stored, found again in the table and dealt out to tasks. */
  private static long dealt(
      Session session, Index index, FeatureStore store, SampleSource source, long rows)
      throws IOException {
    Dataset<Row> pending = Extractor.pending(index, store).cache();
    try {
      Dataset<Row> contents = new Contents(session).of(pending, source);
      return Spread.byKey(contents.toJavaRDD(), Spread.tasks(session, 0, rows)).count();
    } finally {
      pending.unpersist();
    }
  }
}
