package org.graft.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.Device;

/**
 * An engine without any card: each load leaves a file {@code EXECUTOR-ADDRESS-ORDINAL-WHEN}, and
 * networks on cards work once there is a file {@code go}.
 */
public record FakeCards(String folder, boolean onCards) implements BackboneLoader {
  private static final int WIDTH = 6;

  static FakeCards in(Path run, boolean onCards) {
    return new FakeCards(run.toString(), onCards);
  }

  @Override
  public String engine() {
    return "fake 1";
  }

  @Override
  public Backbone load(BackboneSpec spec) throws IOException {
    return load(spec, Device.CPU);
  }

  @Override
  public Backbone load(BackboneSpec spec, Device device) throws IOException {
    if (onCards != device.isCuda()) {
      throw new IllegalStateException("loaded on " + device);
    }
    if (device.isCuda()) {
      String address = TaskContext.get().resourcesJMap().get("gpu").addresses()[0];
      Files.createFile(
          Path.of(folder, "loads")
              .resolve(
                  "%s-%s-%d-%d"
                      .formatted(
                          SparkEnv.get().executorId(),
                          address,
                          device.ordinal(),
                          System.nanoTime())));
    }
    return new Sums(spec.card().input().length(), spec.batch(), device, Path.of(folder, "go"));
  }

  /** Sums of parts of the input. */
  private record Sums(int inputLength, int batch, Device device, Path go) implements Backbone {
    @Override
    public int width() {
      return WIDTH;
    }

    @Override
    public float[][] features(float[][] inputs) {
      while (device.isCuda() && !Files.exists(go)) {
        LockSupport.parkNanos(20_000_000);
      }
      float[][] features = new float[inputs.length][WIDTH];
      for (int n = 0; n < inputs.length; n++) {
        for (int i = 0; i < inputLength; i++) {
          features[n][i % WIDTH] += inputs[n][i];
        }
      }
      return features;
    }

    @Override
    public void close() {}
  }
}
