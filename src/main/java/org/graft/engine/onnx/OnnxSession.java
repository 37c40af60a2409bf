package org.graft.engine.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.graft.common.Checks;
import org.graft.engine.BatchBuffer;

/**
 * A model that is open in ONNX Runtime. Thread-safe: each caller computes on its own thread, alone;
 * the weights are in memory once. Batches have one fixed shape.
 */
final class OnnxSession implements AutoCloseable {
  /** One caller's input, off the heap, where ONNX Runtime reads it without a copy. */
  private record Lane(BatchBuffer buffer, OnnxTensor tensor) {}

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final SharedWeights weights;
  private final OrtSession session;
  private final String input;
  private final long[] inputShape;
  private final int batch;
  private final ConcurrentLinkedDeque<Lane> idle = new ConcurrentLinkedDeque<>();
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * @param model one input {@code [N][channels][height][width]}; each output {@code [N][..]}
   * @param batch the N of every run
   * @throws IllegalStateException if ONNX Runtime refuses the model
   */
  OnnxSession(OnnxModel model, int batch) {
    this(model, batch, Execution.CPU);
  }

  OnnxSession(OnnxModel model, int batch, Execution execution) {
    this(model, batch, execution, !IntegerSums.areExact());
  }

  /**
   * @param wide whether to add integers up in ONNX Runtime's slower, always exact way
   */
  OnnxSession(OnnxModel model, int batch, Execution execution, boolean wide) {
    this.batch = batch;
    try (SessionOptions options = options(batch)) {
      options.addConfigEntry("session.x64quantprecision", wide ? "1" : "0");
      execution.addTo(options);
      environment.setTelemetry(false);
      weights = new SharedWeights(model, environment);
      options.addExternalInitializers(weights.tensors());
      session = environment.createSession(weights.rest(), options);
      input = session.getInputNames().iterator().next();
      inputShape = shape(session.getInputInfo().get(input));
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses the model: " + e.getMessage(), e);
    }
  }

  /** Tasks are the parallelism: one thread a run, and none that waits in a loop. */
  static SessionOptions options(int batch) throws OrtException {
    SessionOptions options = options();
    options.setSymbolicDimensionValue("N", batch);
    return options;
  }

  /** The same for batches of any size. */
  static SessionOptions options() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    options.setDeterministicCompute(true);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
    return options;
  }

  /** The version of ONNX Runtime. */
  static String version() {
    return OrtEnvironment.getEnvironment().getVersion();
  }

  /** The names of the model's outputs. */
  Set<String> outputs() {
    return session.getOutputNames();
  }

  /** The length of one input: channels x height x width. */
  int inputLength() {
    return Math.toIntExact(elements(inputShape) / batch);
  }

  int batch() {
    return batch;
  }

  /**
   * @param inputs {@code [n][channels x height x width]}; 1 ≤ n ≤ batch; the rest is zeros
   * @return each output by name, {@code [n][..]}, a sample's values row-major
   */
  Map<String, float[][]> run(float[][] inputs) {
    checkInputs(inputs);
    open.readLock().lock();
    try {
      Checks.state(!closed, "the session is closed");
      Lane lane = idle.pollFirst(); // the one used last, whose memory is warm
      if (lane == null) {
        lane = lane();
      }
      try {
        lane.buffer().fill(inputs);
        return run(lane.tensor(), inputs.length);
      } finally {
        idle.addFirst(lane);
      }
    } catch (OrtException e) {
      throw new IllegalStateException("the network failed: " + e.getMessage(), e);
    } finally {
      open.readLock().unlock();
    }
  }

  private void checkInputs(float[][] inputs) {
    Checks.argument(
        inputs.length > 0 && inputs.length <= batch,
        "1 to %d inputs wanted, got %d",
        batch,
        inputs.length);
    for (float[] one : inputs) {
      Checks.argument(
          one.length == inputLength(), "input of %d, wanted %d", one.length, inputLength());
    }
  }

  private Lane lane() throws OrtException {
    int bytes = Math.toIntExact(Float.BYTES * elements(inputShape));
    FloatBuffer values =
        ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    OnnxTensor tensor = OnnxTensor.createTensor(environment, values, inputShape);
    return new Lane(new BatchBuffer(values, batch), tensor);
  }

  private Map<String, float[][]> run(OnnxTensor tensor, int n) throws OrtException {
    Map<String, float[][]> outputs = new HashMap<>();
    try (OrtSession.Result result = session.run(Map.of(input, tensor))) {
      for (Map.Entry<String, OnnxValue> output : result) {
        outputs.put(output.getKey(), rows((OnnxTensor) output.getValue(), n));
      }
    }
    return outputs;
  }

  private float[][] rows(OnnxTensor tensor, int n) {
    FloatBuffer values = tensor.getFloatBuffer();
    float[][] rows = new float[n][values.capacity() / batch];
    for (float[] row : rows) {
      values.get(row);
    }
    return rows;
  }

  private long[] shape(NodeInfo info) {
    long[] shape = ((TensorInfo) info.getInfo()).getShape();
    shape[0] = batch;
    return shape;
  }

  private static long elements(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** Waits for the callers that are still inside. */
  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        idle.forEach(lane -> lane.tensor().close());
        session.close();
        weights.close();
      }
    } catch (OrtException e) {
      throw new IllegalStateException("cannot close the network: " + e.getMessage(), e);
    } finally {
      open.writeLock().unlock();
    }
  }
}
