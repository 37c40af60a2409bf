package org.graft.head;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Input;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;
import org.graft.weights.SafetensorsFile;
import org.graft.weights.SafetensorsWriter;
import org.graft.weights.Tensors;

/**
 * A head's parameters as safetensors, named as PyTorch names those of a {@code Sequential}: {@code
 * 0.weight [out][in]}, {@code 0.bias [out]}, {@code 1.weight}, ...
 */
public final class HeadFile {
  private HeadFile() {}

  public static byte[] write(TrainedHead head) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (int i = 0; i < head.layers().size(); i++) {
      Dense layer = head.layers().get(i);
      writer.add(i + ".weight", new long[] {layer.outputs(), layer.inputs()}, layer.weights());
      writer.add(i + ".bias", new long[] {layer.outputs()}, layer.bias());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return out.toByteArray();
  }

  /**
   * @param input what the file does not say, as do output and labels
   * @param what names the file in errors
   */
  public static TrainedHead read(
      byte[] bytes, Input input, Output output, List<String> labels, String what)
      throws IOException {
    Path file = Files.createTempFile("graft-head", ".safetensors");
    try {
      Files.write(file, bytes);
      try (Tensors tensors = SafetensorsFile.open(file)) {
        return new TrainedHead(input, layers(tensors), output, Labels.inOrder(labels));
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new UserError("Cannot read " + what + ": " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static List<Dense> layers(Tensors tensors) throws IOException {
    Set<String> names = tensors.names();
    List<Dense> layers = new ArrayList<>();
    for (int i = 0; 2 * i < names.size(); i++) {
      long[] shape = tensors.shape(i + ".weight");
      if (shape.length != 2) {
        throw new IllegalArgumentException(
            "%d.weight has %d dimensions".formatted(i, shape.length));
      }
      float[] weights = tensors.read(i + ".weight");
      layers.add(
          new Dense(
              Math.toIntExact(shape[1]),
              Math.toIntExact(shape[0]),
              weights,
              tensors.read(i + ".bias")));
    }
    return layers;
  }
}
