package org.graft.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.graft.engine.dl4j.FitWatch;
import org.graft.engine.dl4j.PlainHeadTrainer;
import org.graft.head.HeadSpec;
import org.graft.head.Shard;
import org.graft.head.TrainedHead;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingPlan;
import org.graft.spark.dl4j.SparkHeadTrainer;
import org.graft.spark.dl4j.StockHeadTrainer;
import org.graft.spark.dl4j.StockHeadTrainer.Tuning;
import org.graft.spark.exact.SparkExactTrainer;
import org.graft.spark.optimum.SparkOptimumTrainer;

/** Who trains heads. Those that find the best of all linear heads come first. */
enum HeadContender {
  EXACT("exact", "exact", "", true) {
    @Override
    Result fit(HeadTask task, HeadMeter meter) {
      return ridge(task, meter);
    }
  },
  OPTIMUM("optimum", "optimum", "", true) {
    @Override
    Result fit(HeadTask task, HeadMeter meter) {
      return optimum(task, meter);
    }
  },
  MLLIB("mllib", "mllib", "", true) {
    @Override
    Result fit(HeadTask task, HeadMeter meter) {
      return new Result(MllibHead.fit(task, meter), List.of());
    }
  },
  GRAFT("graft", "graft", "growing", false) {
    @Override
    Result fit(HeadTask task, HeadMeter meter) {
      return averaged(task, task.asJobsDo(task.plan()), meter);
    }
  },
  GRAFT_FIXED("graft-fixed", "graft", "fixed", false) {
    @Override
    Result fit(HeadTask task, HeadMeter meter) {
      return averaged(task, task.plan(), meter);
    }
  },
  SINGLE_PROCESS("single-process", "single-process", "", false) {
    @Override
    Result fit(HeadTask task, HeadMeter meter) {
      Watch watch = new Watch(task, meter);
      Shard rows = task.rows().here(task.sc());
      meter.start();
      TrainedHead head = PlainHeadTrainer.train(task.plan(), rows, watch);
      meter.stop();
      return new Result(head, watch.accuracies);
    }
  },
  STOCK("dl4j-stock", "dl4j-stock", "defaults", false) {
    @Override
    Result fit(HeadTask task, HeadMeter meter) {
      return stock(task, meter, Tuning.DEFAULTS);
    }
  },
  STOCK_DIRECT("dl4j-stock-direct", "dl4j-stock", "direct", false) {
    @Override
    Result fit(HeadTask task, HeadMeter meter) {
      return stock(task, meter, Tuning.DIRECT);
    }
  },
  STOCK_TUNED("dl4j-stock-tuned", "dl4j-stock", "tuned", false) {
    @Override
    Result fit(HeadTask task, HeadMeter meter) {
      return stock(task, meter, Tuning.BEST);
    }
  };

  /**
   * What came of it.
   *
   * @param accuracies after each whole epoch, on the rows of the exam; none where it has no epochs
   */
  record Result(TrainedHead head, List<Double> accuracies) {}

  private final String id;
  private final String trainer;
  private final String variant;
  private final boolean linearOnly;

  HeadContender(String id, String trainer, String variant, boolean linearOnly) {
    this.id = id;
    this.trainer = trainer;
    this.variant = variant;
    this.linearOnly = linearOnly;
  }

  static List<String> ids() {
    return Arrays.stream(values()).map(contender -> contender.id).toList();
  }

  String id() {
    return id;
  }

  /** As records call it. */
  String trainer() {
    return trainer;
  }

  /** How the trainer is set up; empty where there is one way only. */
  String variant() {
    return variant;
  }

  boolean trains(HeadSpec spec) {
    return !linearOnly || spec instanceof HeadSpec.Linear;
  }

  /** Whether it works on as many workers as it is told to. */
  boolean isParallel() {
    return this != SINGLE_PROCESS;
  }

  /** Whether it finds the best linear head, and does not merely come near. */
  boolean isReference() {
    return linearOnly;
  }

  /** Trains while the meter runs. */
  abstract Result fit(HeadTask task, HeadMeter meter);

  private static Result ridge(HeadTask task, HeadMeter meter) {
    JavaRDD<Shard> train = task.train().persist(StorageLevel.MEMORY_AND_DISK());
    TrainingPlan plan = task.plan(new HeadSpec.Ridge(), 1);
    meter.start();
    TrainedHead head =
        SparkExactTrainer.train(task.sc(), List.of(plan), train, task.none()).get(0).head();
    meter.stop();
    meter.even(1, train.map(Shard::size).reduce(Integer::sum));
    return new Result(head, List.of());
  }

  /** An epoch is a look at all rows: an iteration takes one or a few. */
  private static Result optimum(HeadTask task, HeadMeter meter) {
    JavaRDD<Shard> train = task.train().persist(StorageLevel.MEMORY_AND_DISK());
    List<Long> looks = new ArrayList<>();
    meter.start();
    TrainedHead head =
        SparkOptimumTrainer.train(
                task.sc(),
                List.of(task.optimum()),
                train,
                task.none(),
                round -> looks.add(round.examples()))
            .get(0)
            .head();
    meter.stop();
    meter.even(looks.size(), looks.get(0));
    return new Result(head, List.of());
  }

  /** Validation would take time that others do not spend, so it has a training of its own. */
  private static Result averaged(HeadTask task, TrainingPlan plan, HeadMeter meter) {
    JavaRDD<Shard> train = task.train().persist(StorageLevel.MEMORY_AND_DISK());
    meter.start();
    TrainedHead head =
        SparkHeadTrainer.train(
                task.sc(),
                plan,
                train,
                task.none(),
                round -> {
                  meter.round(round.epoch(), round.rounds(), round.examples());
                  if (round.round() == round.rounds()) {
                    meter.epoch();
                  }
                })
            .head();
    meter.stop();
    List<Double> accuracies = new ArrayList<>();
    if (task.epochs() > 1) {
      TrainingHistory history =
          SparkHeadTrainer.train(task.sc(), task.shorter(plan), train, task.test(), round -> {})
              .history();
      history.epochs().forEach(epoch -> accuracies.add(epoch.validation().accuracy()));
    }
    accuracies.add(task.exam().of(head).accuracy());
    return new Result(head, accuracies);
  }

  private static Result stock(HeadTask task, HeadMeter meter, Tuning tuning) {
    Watch watch = new Watch(task, meter);
    meter.start();
    TrainedHead head =
        StockHeadTrainer.train(
            task.sc(),
            task.plan(),
            task.train(),
            task.rows().width(),
            task.localSteps(),
            tuning,
            watch);
    meter.stop();
    return new Result(head, watch.accuracies);
  }

  /** Looks at the meter, and stops it while heads are examined. */
  private static final class Watch implements FitWatch {
    private final HeadTask task;
    private final HeadMeter meter;
    private final List<Double> accuracies = new ArrayList<>();

    Watch(HeadTask task, HeadMeter meter) {
      this.task = task;
      this.meter = meter;
    }

    @Override
    public void prepared() {
      meter.prepared();
    }

    @Override
    public boolean round(int epoch, int rounds, long examples) {
      meter.round(epoch, rounds, examples);
      return !meter.enough();
    }

    @Override
    public void epoch(TrainedHead head) {
      meter.epoch();
      meter.stop();
      accuracies.add(task.exam().of(head).accuracy());
      meter.start();
    }
  }
}
