package org.graft.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Each task of a job writes down when it begins and ends, and what Spark gave to it, in the folder
 * that {@code spark.graft.diary} names.
 */
public final class TaskDiary implements SparkPlugin {
  static final String FOLDER = "spark.graft.diary";

  /**
   * A task; times are those of one clock for all processes of a machine, in nanoseconds.
   *
   * @param address of its card; {@code -}: it has none
   * @param end {@link Long#MAX_VALUE}: nobody saw it
   */
  record Entry(String executor, String address, int cores, long begin, long end) {
    boolean hasCard() {
      return !address.equals("-");
    }
  }

  static List<Entry> read(Path folder) {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String[] words = Files.readString(file).split(" ", -1);
        if (words.length >= 5) { // else it is being written
          entries.add(
              new Entry(
                  words[0],
                  words[1],
                  Integer.parseInt(words[2]),
                  Long.parseLong(words[3]),
                  words[4].isEmpty() ? Long.MAX_VALUE : Long.parseLong(words[4])));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  /** The most tasks that an executor ran on one card at a time. */
  static int mostOnACard(List<Entry> entries) {
    int most = 0;
    for (Entry at : entries) {
      long together =
          entries.stream()
              .filter(Entry::hasCard)
              .filter(other -> other.executor().equals(at.executor()))
              .filter(other -> other.address().equals(at.address()))
              .filter(other -> other.begin() <= at.begin() && at.begin() < other.end())
              .count();
      most = Math.max(most, (int) together);
    }
    return most;
  }

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new OnExecutor();
  }

  private static final class OnExecutor implements ExecutorPlugin {
    private Path folder;

    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      folder = Path.of(context.conf().get(FOLDER));
    }

    @Override
    public void onTaskStart() {
      TaskContext task = TaskContext.get();
      ResourceInformation cards = task.resourcesJMap().get("gpu");
      Path file = folder.resolve(SparkEnv.get().executorId() + "-" + task.taskAttemptId());
      String address = cards == null ? "-" : String.join("+", cards.addresses());
      write(
          file,
          "%s %s %d %d "
              .formatted(SparkEnv.get().executorId(), address, task.cpus(), System.nanoTime()));
      TaskCompletionListener ended = context -> write(file, "" + System.nanoTime());
      task.addTaskCompletionListener(ended);
    }

    private static void write(Path file, String text) {
      try {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
