package org.graft.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.graft.job.Launch;

/** {@code graft train} as a process to kill; it writes down each round's job as it starts. */
public final class TrainingProcess {
  private TrainingProcess() {}

  /**
   * @param arguments the file for the rounds, one a line, and the command line
   */
  public static void main(String[] arguments) throws Exception {
    Path rounds = Path.of(arguments[0]);
    AtomicReference<Exception> failed = new AtomicReference<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            String job = start.properties().getProperty("spark.job.description", "");
            if (!job.startsWith("train: epoch")) {
              return;
            }
            try {
              Files.writeString(
                  rounds, job + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
              failed.set(e);
            }
          }
        };
    String[] command = new String[arguments.length - 1];
    System.arraycopy(arguments, 1, command, 0, command.length);
    Launch.Ended ended = new Launch("local[2]", Map.of(), listener).run(command);
    System.out.println(ended.err());
    System.exit(failed.get() == null ? ended.status() : 99);
  }
}
