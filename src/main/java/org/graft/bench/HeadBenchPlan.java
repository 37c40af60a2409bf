package org.graft.bench;

import java.nio.file.Path;
import java.util.List;
import org.graft.common.Problems;
import org.graft.head.HeadSpec;

/**
 * What heads to train, on what, by whom.
 *
 * @param trainers names of {@link HeadContender}
 * @param rows sizes of the made-up training sets; ignored where there are {@code features}
 * @param heads linear, mlp
 * @param workers logical workers, and tasks at a time
 * @param epochs most passes; of more than {@value #MANY} rows at most two
 * @param width features a row; ignored where there are {@code features}
 * @param localSteps batches between two averages
 * @param seconds after which a trainer that can be stopped is stopped
 * @param features workspace of a run whose features are taken, or null
 */
public record HeadBenchPlan(
    List<String> trainers,
    List<Integer> rows,
    List<String> heads,
    List<Integer> workers,
    int epochs,
    int width,
    int localSteps,
    double seconds,
    Path features) {
  static final int CLASSES = 10;
  static final int BATCH = 64;
  static final double LEARNING_RATE = 0.001;
  static final double L2 = 0.01;
  static final long SEED = 1;

  private static final List<String> HEADS = List.of("linear", "mlp");
  private static final int MANY = 50_000;
  private static final int MOST_ROWS = 10_000_000;
  private static final int MOST_WIDTH = 16_384;
  private static final int MOST_WORKERS = 1024;
  private static final int MOST_EPOCHS = 1000;

  /** What is compared where nothing is asked. */
  public static final HeadBenchPlan DEFAULTS =
      new HeadBenchPlan(
          HeadContender.ids(), List.of(20_000, 200_000), HEADS, List.of(2), 16, 2048, 5, 20, null);

  public HeadBenchPlan {
    trainers = List.copyOf(trainers);
    rows = List.copyOf(rows);
    heads = List.copyOf(heads);
    workers = List.copyOf(workers);
  }

  int epochs(long ofRows) {
    return ofRows > MANY ? Math.min(epochs, 2) : epochs;
  }

  static HeadSpec spec(String head) {
    return head.equals("mlp") ? new HeadSpec.Mlp(List.of(256)) : new HeadSpec.Linear();
  }

  /**
   * @throws org.graft.common.UserError that lists all that is wrong
   */
  public void check() {
    Problems problems = new Problems();
    OptionChecks options = new OptionChecks(problems);
    options.names("--trainers", trainers, HeadContender.ids());
    options.names("--heads", heads, HEADS);
    options.range("--rows", rows, MOST_ROWS);
    options.range("--workers", workers, MOST_WORKERS);
    options.range("--epochs", List.of(epochs), MOST_EPOCHS);
    options.range("--width", List.of(width), MOST_WIDTH);
    options.range("--local-steps", List.of(localSteps), MOST_EPOCHS);
    problems.check(
        seconds > 0 && seconds <= 3600,
        "--seconds is %s: it must be more than 0 and at most 3600",
        seconds);
    problems.throwIfAny("Cannot bench heads");
  }
}
