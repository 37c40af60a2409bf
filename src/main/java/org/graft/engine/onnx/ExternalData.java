package org.graft.engine.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.graft.common.UserError;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/** Weights that an ONNX file keeps in other files, which must lie in its own folder. */
final class ExternalData {
  private final Path model;
  private final Map<String, ByteBuffer> files = new HashMap<>();
  private long total;

  private ExternalData(Path model) {
    this.model = model;
  }

  /** Says what to do with a network in several files. */
  static void refuse(ModelProto model, Path path) {
    Optional<TensorProto> first =
        model.getGraph().getInitializerList().stream().filter(ExternalData::isExternal).findFirst();
    if (first.isPresent()) {
      throw OnnxFile.error(
          path,
          "its weights are in other files, first '%s'"
              .formatted(OnnxFile.brief(entry(first.get(), "location"))),
          "Write it into one: graft backbones add does, or in Python"
              + " onnx.save(onnx.load(OLD), NEW).");
    }
  }

  static boolean isIn(ModelProto model) {
    return model.getGraph().getInitializerList().stream().anyMatch(ExternalData::isExternal);
  }

  /** The same network with all weights in it; not copied, but read where the files are mapped. */
  static ModelProto inlined(ModelProto model, Path path) throws IOException {
    ExternalData data = new ExternalData(path);
    ModelProto.Builder whole = model.toBuilder();
    GraphProto.Builder graph = whole.getGraphBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      if (isExternal(graph.getInitializer(i))) {
        graph.setInitializer(i, data.read(graph.getInitializer(i)));
      }
    }
    return whole.build();
  }

  private static boolean isExternal(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
  }

  private TensorProto read(TensorProto tensor) throws IOException {
    String location = entry(tensor, "location");
    ByteBuffer file = file(location);
    long offset = number(tensor, "offset", 0);
    long length = number(tensor, "length", file.limit() - offset);
    if (offset < 0 || length < 0 || length > file.limit() - offset) {
      throw error(
          "'%s' is to be %d bytes from %d on in '%s', which has %d"
              .formatted(OnnxFile.brief(tensor.getName()), length, offset, location, file.limit()));
    }
    total += length;
    if (total > OnnxGraph.MAX_BYTES) {
      throw OnnxFile.error(
          model,
          "its weights take more than %d bytes, what one ONNX file can hold"
              .formatted(OnnxGraph.MAX_BYTES),
          "Export it in float16, or cut it first.");
    }
    return tensor.toBuilder()
        .clearDataLocation()
        .clearExternalData()
        .setRawData(UnsafeByteOperations.unsafeWrap(file.slice((int) offset, (int) length)))
        .build();
  }

  private ByteBuffer file(String location) throws IOException {
    ByteBuffer open = files.get(location);
    if (open == null) {
      open = map(location);
      files.put(location, open);
    }
    return open;
  }

  private ByteBuffer map(String location) throws IOException {
    Path file = inFolder(location);
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw error(
            "'%s' has %d bytes (limit %d)".formatted(location, channel.size(), Integer.MAX_VALUE));
      }
      return channel.map(MapMode.READ_ONLY, 0, channel.size());
    }
  }

  /** A file may name any path: only those beside it are read. */
  private Path inFolder(String location) throws IOException {
    Path folder = model.toAbsolutePath().getParent();
    String name = OnnxFile.brief(location);
    try {
      Path file = folder.resolve(location).normalize();
      if (location.isEmpty() || !file.startsWith(folder)) {
        throw error("it wants weights from '%s', outside its folder".formatted(name));
      }
      if (!Files.isRegularFile(file)) {
        throw error("its weights '%s' are not beside it".formatted(name));
      }
      if (!file.toRealPath().startsWith(folder.toRealPath())) {
        throw error("it wants weights from '%s', which leads outside its folder".formatted(name));
      }
      return file;
    } catch (InvalidPathException e) {
      throw error("it wants weights from '%s', which is no file name".formatted(name));
    }
  }

  private static String entry(TensorProto tensor, String key) {
    return tensor.getExternalDataList().stream()
        .filter(entry -> entry.getKey().equals(key))
        .map(StringStringEntryProto::getValue)
        .findFirst()
        .orElse("");
  }

  private long number(TensorProto tensor, String key, long otherwise) {
    String text = entry(tensor, key);
    try {
      return text.isEmpty() ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw error("the %s of '%s' is no number".formatted(key, OnnxFile.brief(tensor.getName())));
    }
  }

  private UserError error(String why) {
    return OnnxFile.error(model, why, "Fetch or export it again, with all its files.");
  }
}
