package org.graft.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * A place on the local disk, {@code fault://NAME/absolute/path}, whose operations fail as they are
 * told to. Each has a name of its own, so tests do not meet; it is found by the name from every
 * thread of this JVM, so also from the executor of a local Spark.
 *
 * <pre>{@code
 * try (Faults faults = Faults.open()) {
 *   faults.fail(Operation.WRITE, ".*part-.*", 2, Faults.NO_SPACE);
 *   storage = new HadoopStorage(faults.configure(new Configuration()));
 *   assertThrows(IOException.class, () -> storage.write(faults.path(folder) + "/part-1", bytes));
 * }
 * }</pre>
 */
public final class Faults implements AutoCloseable {
  public static final String NO_SPACE = "No space left on device";
  public static final String DENIED = "Permission denied";

  /** What can fail; a WRITE is one call of a stream's write. */
  public enum Operation {
    OPEN,
    CREATE,
    WRITE,
    CLOSE,
    RENAME,
    MKDIRS,
    DELETE,
    LIST
  }

  private static final Map<String, Faults> OPEN = new ConcurrentHashMap<>();
  private static final AtomicInteger OPENED = new AtomicInteger();

  private final String name = "f" + OPENED.incrementAndGet();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final Map<Operation, AtomicInteger> counts = new EnumMap<>(Operation.class);
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger leftOut = new AtomicInteger();
  private volatile Storm storm;

  private Faults() {
    for (Operation operation : Operation.values()) {
      counts.put(operation, new AtomicInteger());
    }
  }

  public static Faults open() {
    Faults faults = new Faults();
    OPEN.put(faults.name, faults);
    return faults;
  }

  /** The one whose paths begin with {@code fault://name/}. */
  static Faults named(String name) throws IOException {
    Faults faults = OPEN.get(name);
    if (faults == null) {
      throw new IOException("no Faults named " + name + " are open in this JVM");
    }
    return faults;
  }

  /** The folder (or file) of the local disk, seen through this. */
  public String path(Path local) {
    return "fault://" + name + local.toAbsolutePath();
  }

  /** Tells Hadoop of the scheme; returns {@code configuration}. */
  public Configuration configure(Configuration configuration) {
    settings().forEach(configuration::set);
    return configuration;
  }

  /** For {@code SparkSession.Builder.config}: the same with the prefix {@code spark.hadoop.}. */
  public Map<String, String> sparkSettings() {
    Map<String, String> settings = new ConcurrentHashMap<>();
    settings().forEach((key, value) -> settings.put("spark.hadoop." + key, value));
    return settings;
  }

  private static Map<String, String> settings() {
    return Map.of(
        "fs.fault.impl", FaultyFileSystem.class.getName(),
        "fs.AbstractFileSystem.fault.impl", FaultyFileContext.class.getName());
  }

  /**
   * From its {@code nth} time (1 is the first) on, {@code operation} fails on paths that match
   * {@code regex} as a whole. A WRITE that fails writes the first half of its bytes. The source of
   * a RENAME is what is matched.
   */
  public void fail(Operation operation, String regex, int nth, String message) {
    rules.add(new Rule(operation, Pattern.compile(regex), nth, message, new AtomicInteger()));
  }

  /**
   * From now on any operation below {@code folder} may fail, and a file that is written may be left
   * out of the next few listings of its folder.
   *
   * @param seed of when; tasks that run at once take their turns as they come
   * @param rarely one operation in so many fails
   * @param hidden one file in so many is left out
   */
  public void storm(String folder, long seed, int rarely, int hidden) {
    storm = new Storm(folder, new Random(seed), rarely, hidden, new ConcurrentHashMap<>());
  }

  /** The disk has space again, and so on. */
  public void heal() {
    rules.clear();
    storm = null;
  }

  /** How many files a listing left out so far. */
  public int hidden() {
    return leftOut.get();
  }

  /** A file that has got its name. */
  void appeared(String path) {
    Storm raging = storm;
    if (raging != null) {
      raging.appeared(path);
    }
  }

  /** Whether a listing leaves it out, this time. */
  boolean leavesOut(String path) {
    Storm raging = storm;
    boolean hides = raging != null && raging.leavesOut(path);
    if (hides) {
      leftOut.incrementAndGet();
    }
    return hides;
  }

  /** How often the operation was tried, failures included. */
  public int count(Operation operation) {
    return counts.get(operation).get();
  }

  /** How many operations were made to fail. */
  public int failures() {
    return failures.get();
  }

  /** Counts, and throws if a rule says so. */
  void check(Operation operation, String path) throws IOException {
    counts.get(operation).incrementAndGet();
    for (Rule rule : rules) {
      if (rule.strikes(operation, path)) {
        failures.incrementAndGet();
        throw new IOException(rule.message);
      }
    }
    Storm raging = storm;
    if (raging != null && raging.strikes(operation, path)) {
      failures.incrementAndGet();
      throw new IOException(raging.message());
    }
  }

  @Override
  public void close() {
    OPEN.remove(name);
  }

  /**
   * @param fresh how many more listings leave a file out
   */
  private record Storm(
      String folder, Random random, int rarely, int hidden, Map<String, Integer> fresh) {
    private static final int MOST_LISTINGS = 3;

    /** A file is written by thousands of calls, most of a byte or two. */
    private static final int A_WRITE = 100;

    private static final List<String> MESSAGES =
        List.of(NO_SPACE, "Input/output error", "503 Slow Down", "Connection reset by peer");

    boolean strikes(Operation operation, String path) {
      boolean counts = operation != Operation.WRITE || draw(A_WRITE) == 0;
      return counts && path.startsWith(folder) && draw(rarely) == 0;
    }

    String message() {
      return MESSAGES.get(draw(MESSAGES.size()));
    }

    private synchronized int draw(int of) {
      return random.nextInt(of);
    }

    void appeared(String path) {
      if (path.startsWith(folder) && draw(hidden) == 0) {
        fresh.put(path, 1 + draw(MOST_LISTINGS));
      }
    }

    boolean leavesOut(String path) {
      Integer left = fresh.computeIfPresent(path, (name, n) -> n == 0 ? null : n - 1);
      return left != null;
    }
  }

  private record Rule(
      Operation operation, Pattern path, int nth, String message, AtomicInteger seen) {
    boolean strikes(Operation tried, String on) {
      return tried == operation && path.matcher(on).matches() && seen.incrementAndGet() >= nth;
    }
  }
}
