package org.graft.engine.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import org.graft.common.UserError;
import org.graft.weights.WeightFormat;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * A user's {@code .onnx} file: read, bounded, and free of what only its author's programs know.
 * Weights are not copied: they are read where the file is mapped, so it must not change meanwhile.
 */
final class OnnxFile {
  /** Operators that ONNX Runtime has built in; the empty domain is ONNX's own. */
  private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "com.microsoft");

  private static final int OLDEST_OPSET = 7; // what ONNX Runtime promises to run
  private static final int LONGEST_NAME = 200;

  private final Path path;

  private OnnxFile(Path path) {
    this.path = path;
  }

  /**
   * A network in one file.
   *
   * @throws UserError if it is none, is damaged, keeps weights in other files (those would not
   *     travel to the executors, nor be in the digest), or has operators of others
   */
  static ModelProto read(Path path) throws IOException {
    OnnxFile file = new OnnxFile(path);
    return file.alone(file.mapped());
  }

  /** As {@link #read}, from the bytes of a file called {@code path}. */
  static ModelProto read(Path path, ByteBuffer bytes) {
    return new OnnxFile(path).alone(bytes);
  }

  private ModelProto alone(ByteBuffer bytes) {
    ModelProto model = parsed(bytes);
    ExternalData.refuse(model, path);
    return checked(model);
  }

  /** As {@link #read}, but weights in other files of the folder are brought in. */
  static ModelProto readWithParts(Path path) throws IOException {
    OnnxFile file = new OnnxFile(path);
    return file.checked(ExternalData.inlined(file.parsed(file.mapped()), path));
  }

  /** As it stands in the file, unchecked. */
  static ModelProto peek(Path path) throws IOException {
    OnnxFile file = new OnnxFile(path);
    return file.parsed(file.mapped());
  }

  private ByteBuffer mapped() throws IOException {
    if (WeightFormat.of(path) != WeightFormat.ONNX) {
      throw error("it is no ONNX file", "Give the .onnx file that the card belongs to.");
    }
    if (Files.size(path) > Integer.MAX_VALUE) {
      throw error(
          "it has %d bytes (limit %d, protobuf's own)"
              .formatted(Files.size(path), Integer.MAX_VALUE),
          "Export it in float16, or cut it first.");
    }
    try (FileChannel channel = FileChannel.open(path)) {
      return channel.map(MapMode.READ_ONLY, 0, channel.size());
    }
  }

  private ModelProto parsed(ByteBuffer bytes) {
    try {
      ParsingBudget.check(bytes);
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      in.enableAliasing(true);
      return ModelProto.parseFrom(in);
    } catch (IOException
        | IllegalArgumentException e) { // it reads memory: its words are of the format
      throw error(brief(e.getMessage()), "Export or fetch it again.");
    }
  }

  private ModelProto checked(ModelProto model) {
    if (model.getFunctionsCount() > 0) {
      throw error(
          "it defines functions of its own, first '%s'"
              .formatted(brief(model.getFunctions(0).getName())),
          "Inline them in Python: onnx.inliner.inline_local_functions.");
    }
    check(model.getGraph());
    long opset = opset(model);
    if (opset < OLDEST_OPSET) {
      throw error(
          "its operators are of opset %d (%d or newer is needed)".formatted(opset, OLDEST_OPSET),
          "Convert it in Python: onnx.version_converter.convert_version(model, 17).");
    }
    return model;
  }

  private void check(GraphProto graph) {
    if (graph.getSparseInitializerCount() > 0) {
      throw error("it has sparse weights", "Export it with dense ones.");
    }
    Set<String> foreign = new TreeSet<>();
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOutputCount() == 0) {
        throw error("an operator of it computes nothing", "Export or fetch it again.");
      }
      if (!DOMAINS.contains(node.getDomain())) {
        foreign.add(brief(node.getDomain() + ":" + node.getOpType()));
      }
      for (AttributeProto attribute : node.getAttributeList()) {
        attribute.getGraphsList().forEach(this::check);
        if (attribute.hasG()) {
          check(attribute.getG());
        }
      }
    }
    if (!foreign.isEmpty()) {
      throw error(
          "it has operators that are not ONNX's: " + brief(String.join(", ", foreign)),
          "Export it with standard operators (domains ai.onnx and com.microsoft).");
    }
    graph.getInitializerList().forEach(tensor -> FileTensors.check(tensor, path));
  }

  /** Of ONNX's own operators. */
  static long opset(ModelProto model) {
    return model.getOpsetImportList().stream()
        .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
        .mapToLong(OperatorSetIdProto::getVersion)
        .findFirst()
        .orElse(1);
  }

  /** Names in a hostile file may be megabytes long. */
  static String brief(String text) {
    return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "…";
  }

  private UserError error(String why, String advice) {
    return error(path, why, advice);
  }

  static UserError error(Path path, String why, String advice) {
    return new UserError("Cannot use the ONNX network %s: %s. %s".formatted(path, why, advice));
  }
}
