package org.graft.head;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;
import org.graft.weights.SafetensorsFile;
import org.graft.weights.SafetensorsWriter;

/**
 * A head as a safetensors file: {@code layers.N.weight [outputs][inputs]} and {@code layers.N.bias
 * [outputs]}, as torch names and lays out its linear layers; output and labels in the metadata.
 */
public final class HeadFile {
  private HeadFile() {}

  public static byte[] bytes(TrainedHead head) {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata("output", head.output().name())
            .metadata("labels", Json.line(head.labels().names()));
    for (int i = 0; i < head.layers().size(); i++) {
      Dense layer = head.layers().get(i);
      long[] shape = {layer.outputs(), layer.inputs()};
      writer.add("layers." + i + ".weight", shape, layer.weights());
      writer.add("layers." + i + ".bias", new long[] {layer.outputs()}, layer.bias());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("to memory", e);
    }
    return out.toByteArray();
  }

  /**
   * @param what names the file in errors
   */
  public static TrainedHead head(byte[] bytes, String what) throws IOException {
    Path copy = Files.createTempFile("graft-head", ".safetensors");
    try {
      Files.write(copy, bytes);
      return head(copy, what);
    } finally {
      Files.delete(copy);
    }
  }

  /**
   * @param what names the file in errors
   * @throws UserError if it is no head
   */
  public static TrainedHead head(Path file, String what) throws IOException {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      Map<String, String> metadata = tensors.metadata();
      String names = metadata.getOrDefault("labels", "[]");
      List<Dense> layers = new ArrayList<>();
      while (tensors.names().contains("layers." + layers.size() + ".weight")) {
        layers.add(layer(tensors, layers.size()));
      }
      return new TrainedHead(
          layers,
          Output.valueOf(metadata.getOrDefault("output", "")),
          Labels.inOrder(
              Arrays.asList(
                  Json.read(names.getBytes(StandardCharsets.UTF_8), String[].class, what))));
    } catch (IllegalArgumentException e) {
      throw new UserError("Cannot read the head in %s: %s".formatted(what, e.getMessage()), e);
    }
  }

  private static Dense layer(SafetensorsFile tensors, int index) throws IOException {
    String weight = "layers." + index + ".weight";
    String bias = "layers." + index + ".bias";
    long[] shape = tensors.shape(weight);
    if (shape.length != 2 || !tensors.names().contains(bias)) {
      throw new IllegalArgumentException(weight + " has the shape " + Arrays.toString(shape));
    }
    return new Dense(
        Math.toIntExact(shape[1]),
        Math.toIntExact(shape[0]),
        tensors.read(weight),
        tensors.read(bias));
  }
}
