package org.graft.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.graft.image.ImageIoDecoder;
import org.graft.image.ImagePreprocessor;
import org.graft.image.Preprocessing;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.Preprocessing.ChannelOrder;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Preprocessing.Resize;
import org.graft.image.Preprocessing.Size;
import org.graft.sample.RejectedException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A JPEG file to a network's input of 3 x 224 x 224 floats, as ResNet-50 wants it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class PreprocessBenchmark {
  @Param({"500x375", "4000x3000"})
  public String size;

  @Param({"BILINEAR", "BICUBIC"})
  public Interpolation interpolation;

  private ImagePreprocessor preprocessor;
  private byte[] content;

  @Setup
  public void makePicture() {
    String[] sides = size.split("x", 2);
    content = BenchmarkPictures.jpeg(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]), 1);
    Preprocessing preprocessing =
        new Preprocessing(
            Resize.shorterSide(256),
            new Size(224, 224),
            interpolation,
            ChannelOrder.RGB,
            1 / 255.0,
            List.of(0.485, 0.456, 0.406),
            List.of(0.229, 0.224, 0.225),
            Alpha.DROP);
    preprocessor =
        new ImagePreprocessor(new ImageIoDecoder(100_000_000, Alpha.DROP), preprocessing);
  }

  @Benchmark
  public float[] tensor() throws RejectedException {
    return preprocessor.tensor(content);
  }
}
