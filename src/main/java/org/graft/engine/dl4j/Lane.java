package org.graft.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard.Input;
import org.graft.engine.BatchBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One graph on a thread of its own. DL4J's graphs serve one thread at a time, and ND4J's workspaces
 * stay with the thread that used them: on the callers' threads, which come and go, they would pile
 * up.
 */
final class Lane implements AutoCloseable {
  /** What came out of the cut: {@code values[sample]}, each {@code shape} in 'c' order. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Output(long[] shape, float[][] values) {}

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "graft-dl4j");
            made.setDaemon(true);
            return made;
          });
  private final int batch;
  private ComputationGraph graph;
  private INDArray input;
  private BatchBuffer buffer;

  /**
   * @param parameters shared with other lanes; nobody writes to them
   */
  Lane(ComputationGraphConfiguration network, INDArray parameters, Input shape, int batch) {
    this.batch = batch;
    onThread(
        () -> {
          graph = new ComputationGraph(network.clone());
          graph.init(parameters, false);
          input =
              Nd4j.create(DataType.FLOAT, batch, shape.channels(), shape.height(), shape.width());
          buffer = new BatchBuffer(input.data().asNioFloat(), batch);
        });
  }

  /**
   * @param inputs at most {@code batch}; the rest of the batch is zeros
   */
  Output forward(float[][] inputs) {
    Output[] result = new Output[1];
    onThread(() -> result[0] = run(inputs));
    return result[0];
  }

  private Output run(float[][] inputs) {
    Dl4jEngine.useOneThread(); // each time: somebody else in the process may have asked for more
    buffer.fill(inputs);
    INDArray output = graph.output(input)[0];
    try (INDArray rows = output.dup('c')) {
      int length = (int) (rows.length() / batch);
      FloatBuffer all = rows.data().asNioFloat();
      float[][] values = new float[inputs.length][length];
      for (int i = 0; i < values.length; i++) {
        all.get(i * length, values[i]);
      }
      long[] shape = rows.shape();
      return new Output(Arrays.copyOfRange(shape, 1, shape.length), values);
    } finally {
      output.close(); // or it waits for the collector, which knows nothing of memory off the heap
    }
  }

  /** Waits to the end even when interrupted: the work would go on all the same. */
  private void onThread(Runnable work) {
    Future<?> done = thread.submit(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          done.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          throw new IllegalStateException("the network failed: " + e.getCause(), e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    onThread(
        () -> {
          input.close();
          Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        });
    thread.shutdown();
  }
}
