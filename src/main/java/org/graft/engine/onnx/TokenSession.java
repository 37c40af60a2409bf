package org.graft.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.graft.common.Checks;
import org.graft.text.TokenInput;

/**
 * A network that reads tokens, open in ONNX Runtime. Thread-safe: each caller computes on its own
 * thread, alone; the weights are in memory once. Nothing is padded: texts of one run have one
 * length.
 */
final class TokenSession implements AutoCloseable {
  /** What a network's input has of a token at its place. */
  @FunctionalInterface
  private interface Part {
    long of(float token, int place);
  }

  private static final Map<String, Part> INPUTS =
      Map.of(
          "input_ids", (token, place) -> TokenInput.id(token),
          "attention_mask", (token, place) -> 1,
          "token_type_ids", (token, place) -> TokenInput.type(token),
          "position_ids", (token, place) -> place);

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final SharedWeights weights;
  private final OrtSession session;
  private final Map<String, OnnxJavaType> inputs = new HashMap<>();
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * @param model inputs {@code [N][T]} of int64 or int32, N and T free; one output {@code
   *     [N][T][..]} or {@code [N][..]}
   * @throws IllegalStateException if ONNX Runtime refuses the model, or it has other inputs
   */
  TokenSession(OnnxModel model, Execution execution) {
    try (SessionOptions options = OnnxSession.options()) {
      options.setMemoryPatternOptimization(false); // one would be kept for each shape
      execution.addTo(options);
      environment.setTelemetry(false);
      weights = new SharedWeights(model, environment);
      options.addExternalInitializers(weights.tensors());
      session = environment.createSession(weights.rest(), options);
      for (String name : session.getInputNames()) {
        inputs.put(name, ((TensorInfo) session.getInputInfo().get(name).getInfo()).type);
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses the model: " + e.getMessage(), e);
    }
    Set<String> unknown = new TreeSet<>(inputs.keySet());
    unknown.removeAll(INPUTS.keySet());
    if (!unknown.isEmpty()) {
      close();
      throw new IllegalStateException(
          "it has the inputs %s (known are %s)".formatted(unknown, new TreeSet<>(INPUTS.keySet())));
    }
  }

  /**
   * What the network gives for each text.
   *
   * @param shape of the output, {@code [N, T, width]} or {@code [N, width]}
   * @param values row-major
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Output(long[] shape, float[] values) {}

  /**
   * @param rows {@code [n][tokens]} of {@link TokenInput}, of one length
   */
  Output run(float[][] rows) {
    open.readLock().lock();
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      Checks.state(!closed, "the session is closed");
      for (Map.Entry<String, OnnxJavaType> input : inputs.entrySet()) {
        tensors.put(input.getKey(), tensor(rows, INPUTS.get(input.getKey()), input.getValue()));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        OnnxTensor output = (OnnxTensor) result.get(0);
        FloatBuffer buffer = output.getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return new Output(output.getInfo().getShape(), values);
      }
    } catch (OrtException e) {
      throw new IllegalStateException("the network failed: " + e.getMessage(), e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
      open.readLock().unlock();
    }
  }

  private OnnxTensor tensor(float[][] rows, Part what, OnnxJavaType type) throws OrtException {
    int length = rows[0].length;
    long[] shape = {rows.length, length};
    LongBuffer wide = LongBuffer.allocate(rows.length * length);
    for (float[] row : rows) {
      for (int place = 0; place < length; place++) {
        wide.put(what.of(row[place], place));
      }
    }
    wide.flip();
    if (type == OnnxJavaType.INT64) {
      return OnnxTensor.createTensor(environment, wide, shape);
    }
    IntBuffer narrow = IntBuffer.allocate(wide.remaining());
    while (wide.hasRemaining()) {
      narrow.put((int) wide.get());
    }
    return OnnxTensor.createTensor(environment, narrow.flip(), shape);
  }

  /** Waits for the callers that are still inside. */
  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
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
