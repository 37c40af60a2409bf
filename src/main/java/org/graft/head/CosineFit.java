package org.graft.head;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.graft.common.UserError;
import org.graft.head.HeadSpec.Cosine;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Input;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingHistory.Candidate;

/**
 * Finds a cosine head: class means in one pass (Snell et al. 2017, with the cosine of Gidaris and
 * Komodakis 2018), then the scale with the least cross entropy on the validation samples, or, where
 * there are none, on the training samples, each left out of its class's mean.
 *
 * <p>The loss is convex in the scale, so its slope has one root, which is closed in on by a grid:
 * four passes.
 */
public final class CosineFit {
  /** The least scale that is fitted. */
  public static final double LEAST = 0.01;

  /** The largest one, as in CLIP (Radford et al. 2021). */
  public static final double MOST = 100;

  /** Where nothing says what fits, for instance with one sample a class: Gidaris and Komodakis'. */
  static final double UNKNOWN = 10;

  /** Logit of a class without training samples: it is never given. */
  private static final float NEVER = -1e4f;

  private static final int GRID = 17;
  private static final int PASSES = 4;

  private final TrainingPlan plan;
  private final Shards shards;
  private ClassMeans means;
  private LossWeights weights;
  private boolean leaveOneOut;

  /** The samples, wherever they are. Lists are in shard order. */
  public interface Shards {
    /** Of the training samples. */
    List<ClassMeans> means();

    /** Of the training samples. */
    List<ShardStatistics> statistics();

    /** Of the validation samples, or, leaving one out, of the training samples. */
    List<ScaleLoss> losses(
        ClassMeans means, double[] scales, boolean leaveOneOut, LossWeights weights);
  }

  private CosineFit(TrainingPlan plan, Shards shards) {
    this.plan = plan;
    this.shards = shards;
  }

  /**
   * @param plan with a {@link Cosine} head
   */
  public static Training run(TrainingPlan plan, Shards shards) {
    return new CosineFit(plan, shards).run();
  }

  private Training run() {
    ShardStatistics samples = ShardStatistics.merged(shards.statistics());
    samples.requireSamples(plan);
    means = ClassMeans.merged(shards.means());
    weights = LossWeights.of(plan.options().classWeights(), Output.SOFTMAX, samples);
    double given = ((Cosine) plan.spec()).scale();
    double start = given == 0 ? UNKNOWN : given;
    leaveOneOut = loss(start).rows() == 0;
    boolean measured = !leaveOneOut || loss(start).rows() > 0;
    double scale = given == 0 && measured ? fitted() : start;
    Map<String, Double> scores = measured ? scores(loss(scale)) : Map.of();
    Candidate chosen =
        new Candidate(
            Map.of("head.scale", String.format(Locale.ROOT, "%.6g", scale)), scores, true);
    return new Training(head(scale), new TrainingHistory(List.of(), 0, List.of(), List.of(chosen)));
  }

  private Map<String, Double> scores(ScaleLoss loss) {
    Map<String, Double> scores = new TreeMap<>();
    String on = leaveOneOut ? "leaveOneOut" : "validation";
    scores.put(on + "Loss", loss.mean(0));
    scores.put(on + "Accuracy", loss.accuracy());
    return scores;
  }

  private ScaleLoss loss(double... scales) {
    ScaleLoss loss = ScaleLoss.merged(shards.losses(means, scales, leaveOneOut, weights));
    if (loss.rows() > 0 && !(loss.weight() > 0)) {
      throw new UserError(
          "Cannot fit the scale of a cosine head: the weights of the %d %s samples sum to %s. Give some of them a weight above 0, or set head.scale."
              .formatted(loss.rows(), leaveOneOut ? "training" : "validation", loss.weight()));
    }
    return loss;
  }

  /** Where the slope of the loss is 0, or the end of the range that is nearest to that. */
  private double fitted() {
    double low = LEAST;
    double high = MOST;
    double lowSlope = 0;
    double highSlope = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      double[] grid = grid(low, high);
      ScaleLoss loss = loss(grid);
      int above = 0;
      while (above < GRID && loss.slope(above) < 0) {
        above++;
      }
      if (above == 0 || above == GRID) {
        return grid[Math.min(above, GRID - 1)];
      }
      low = grid[above - 1];
      high = grid[above];
      lowSlope = loss.slope(above - 1);
      highSlope = loss.slope(above);
    }
    return low + (high - low) * (-lowSlope / (highSlope - lowSlope));
  }

  /** Evenly in the logarithm; its ends are {@code low} and {@code high} to the bit. */
  private static double[] grid(double low, double high) {
    double[] grid = new double[GRID];
    Arrays.setAll(grid, i -> low * StrictMath.pow(high / low, (double) i / (GRID - 1)));
    grid[GRID - 1] = high;
    return grid;
  }

  private TrainedHead head(double scale) {
    double[][] prototypes = means.prototypes();
    float[] rows = new float[means.classes() * means.width()];
    float[] bias = new float[means.classes()];
    for (int c = 0, at = 0; c < bias.length; c++) {
      bias[c] = means.rows(c) == 0 ? NEVER : 0;
      for (int j = 0; j < means.width(); j++, at++) {
        rows[at] = (float) (scale * prototypes[c][j]);
      }
    }
    Dense layer = new Dense(means.width(), bias.length, rows, bias);
    return new TrainedHead(Input.UNIT, List.of(layer), Output.SOFTMAX, plan.labels());
  }
}
