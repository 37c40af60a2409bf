package org.graft.bench;

import java.util.concurrent.TimeUnit;
import org.graft.image.ImageDecoder;
import org.graft.image.ImageIoDecoder;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.RgbImage;
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

/** A JPEG file to pixels. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class DecodeBenchmark {
  @Param({"500x375", "4000x3000"})
  public String size;

  private final ImageDecoder decoder = new ImageIoDecoder(100_000_000, Alpha.DROP);
  private byte[] content;

  @Setup
  public void makePicture() {
    String[] sides = size.split("x", 2);
    content = BenchmarkPictures.jpeg(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]), 1);
  }

  @Benchmark
  public RgbImage decode() throws RejectedException {
    return decoder.decode(content);
  }
}
