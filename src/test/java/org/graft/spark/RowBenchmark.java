package org.graft.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.graft.common.Digest;
import org.graft.feature.FeatureVector;
import org.graft.testing.Folders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Feature vectors to rows of a committed part of the feature store, on a local disk. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class RowBenchmark {
  private static final int ROWS = 1024;

  /** Features a sample: MobileNetV2's, ResNet-50's, VGG16's. */
  @Param({"1280", "2048", "4096"})
  public int width;

  private final Configuration conf = new Configuration();
  private FeatureVector[] vectors;
  private Path folder;

  @Setup
  public void makeVectors() {
    SplittableRandom random = new SplittableRandom(1);
    vectors = new FeatureVector[ROWS];
    for (int i = 0; i < ROWS; i++) {
      float[] values = new float[width];
      for (int j = 0; j < width; j++) {
        values[j] = (float) Math.max(0, random.nextGaussian()); // as after a ReLU
      }
      vectors[i] = new FeatureVector(Digest.of("sample " + i), "", values);
    }
  }

  @Setup(Level.Invocation)
  public void makeFolder() throws IOException {
    folder = Files.createTempDirectory("graft-rows");
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void writePart() throws IOException {
    try (FeaturePartWriter part =
        new FeaturePartWriter(new HadoopStorage(conf), conf, folder.toString(), "bench-0")) {
      for (FeatureVector vector : vectors) {
        part.write(vector);
      }
      part.commit();
    }
  }

  @TearDown(Level.Invocation)
  public void removeFolder() throws IOException {
    Folders.delete(folder);
  }
}
