package org.graft.engine.dl4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.head.FeatureScaling;
import org.graft.head.FineTuning;
import org.graft.head.SampleLoss;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingOptions;

/**
 * A tail with its head.
 *
 * @param start the head to begin with
 * @param scaling of the features at the cut, in training
 */
public record TailTrainee(
    TailNetwork tail,
    TrainedHead start,
    FeatureScaling scaling,
    TrainingOptions options,
    FineTuning tuning)
    implements Trainee {
  /** The file beside the head that holds the network's tuned weights. */
  public static final String WEIGHTS = "backbone.safetensors";

  /** Rows of activations are taken as they are. */
  @Override
  public ComputationGraph create(int width, FeatureScaling none, SampleLoss loss) {
    return tail.create(start, scaling, loss, options, tuning);
  }

  /** Rows of activations are taken as they are. */
  @Override
  public TrainedHead head(ComputationGraph network, FeatureScaling none) {
    return tail.head(network, start, scaling);
  }

  @Override
  public byte[] below(ComputationGraph network) {
    return TailRun.of(network);
  }

  @Override
  public Training training(ComputationGraph network, TrainedHead head, TrainingHistory history) {
    try {
      Path file = Files.createTempFile("graft-tuned", ".safetensors");
      file.toFile().deleteOnExit();
      tail.write(network, file);
      return new Training(
          head, history, List.of(new Training.Part(WEIGHTS, out -> Files.copy(file, out))));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the tuned weights", e);
    }
  }
}
