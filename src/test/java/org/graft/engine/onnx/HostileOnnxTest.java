package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.shade.protobuf.CodedOutputStream;

/** Files that are damaged, or made to do harm. */
class HostileOnnxTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("bad.onnx");
  }

  private static String refusal(Path file) {
    BackboneSpec small = OnnxFiles.spec("cnn", OnnxFiles.spatial("cnn"), Pooling.AVG, 1);
    BackboneSpec spec =
        new BackboneSpec(
            small.card(), small.cut(), small.pooling(), small.batch(), file, small.precision());
    return assertThrows(UserError.class, () -> new OnnxBackboneLoader().load(spec)).getMessage();
  }

  private String edited(Consumer<GraphProto.Builder> change) throws IOException {
    ModelProtos.edit(OnnxFiles.file("cnn"), file(), change);
    return refusal(file()).replace(file().toString(), "FILE");
  }

  private String changed(Consumer<ModelProto.Builder> change) throws IOException {
    ModelProto.Builder model =
        ModelProto.parseFrom(Files.readAllBytes(OnnxFiles.file("cnn"))).toBuilder();
    change.accept(model);
    Files.write(file(), model.build().toByteArray());
    return refusal(file()).replace(file().toString(), "FILE");
  }

  @Test
  void operatorsOfOthersAreNamed() throws IOException {
    assertEquals(
        "Cannot use the ONNX network FILE: it has operators that are not ONNX's: org.evil:Relu. Export it with standard operators (domains ai.onnx and com.microsoft).",
        edited(graph -> graph.getNodeBuilder(3).setOpType("Relu").setDomain("org.evil")));
  }

  @Test
  void oneInputIsWanted() throws IOException {
    assertEquals(
        "Cannot use the ONNX network FILE: it has 2 inputs [pixels, mask] (1 is wanted, the picture). Export it with the others fixed.",
        edited(graph -> graph.addInput(ValueInfoProto.newBuilder().setName("mask"))));
    String shape = edited(graph -> ModelProtos.shape(graph.getInputBuilder(0)).removeDim(3));
    assertTrue(shape.contains("its input 'pixels' has type 1 and shape [-1, 3, 32] (a"), shape);
  }

  @Test
  void shapesAreHeldAgainstBytes() throws IOException {
    String huge =
        edited(graph -> graph.getInitializerBuilder(0).setDims(0, 1L << 40).setDims(1, 1L << 40));
    assertTrue(huge.contains(" of shape [1099511627776, 1099511627776"), huge);
    assertTrue(huge.endsWith("and type 1 has 864 bytes. Export or fetch it again."), huge);
    String negative = edited(graph -> graph.getInitializerBuilder(0).setDims(0, -12));
    assertTrue(negative.contains(" of shape [-12"), negative);
  }

  @Test
  void newOperatorsAreRefusedWithTheirOpset() throws IOException {
    String opset =
        changed(
            model ->
                model
                    .clearOpsetImport()
                    .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(99)));
    assertTrue(
        opset.contains("ONNX Runtime 1.28.0 refuses it (opset 99, IR version 8, made by pytorch)"),
        opset);
    String old =
        changed(
            model ->
                model
                    .clearOpsetImport()
                    .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(3)));
    assertTrue(old.contains("its operators are of opset 3 (7 or newer is needed)"), old);
    String format = changed(model -> model.setIrVersion(99));
    assertTrue(format.contains("refuses it (opset 17, IR version 99"), format);
  }

  @Test
  void weightsInOtherFilesAreBroughtInOrRefused() throws IOException {
    assertTrue(
        refusal(OnnxFiles.file("parts"))
            .contains("its weights are in other files, first 'parts.data'. Write it into one:"));
    assertTrue(OnnxInspector.hasParts(OnnxFiles.file("parts")));
    Path whole = folder.resolve("whole.onnx");
    OnnxInspector.writeWhole(OnnxFiles.file("parts"), whole);
    assertEquals(
        ModelProto.parseFrom(Files.readAllBytes(OnnxFiles.file("cnn"))).getGraph().getNodeList(),
        OnnxFile.read(whole).getGraph().getNodeList());
    assertEquals(floats(OnnxFile.read(OnnxFiles.file("cnn"))), floats(OnnxFile.read(whole)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "location; ../secret; it wants weights from '../secret', outside its folder",
        "location; /etc/passwd; it wants weights from '/etc/passwd', outside its folder",
        "location; gone.data; its weights 'gone.data' are not beside it",
        "location; link; it wants weights from 'link', which leads outside its folder",
        "offset; 99999999; from 99999999 on in 'parts.data', which has 20580",
        "offset; -1; from -1 on in 'parts.data'",
        "offset; many; the offset of ",
        "length; 99999999; is to be 99999999 bytes from 0",
      })
  void pathsAndOffsetsLeadNowhereElse(String key, String value, String message) throws IOException {
    Files.copy(OnnxFiles.FOLDER.resolve("parts.data"), folder.resolve("parts.data"));
    Files.writeString(folder.getParent().resolve("secret"), "secret");
    Files.createSymbolicLink(folder.resolve("link"), folder.getParent().resolve("secret"));
    ModelProtos.edit(
        OnnxFiles.file("parts"),
        file(),
        graph ->
            graph.getInitializerBuilderList().get(0).getExternalDataBuilderList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .forEach(entry -> entry.setValue(value)));
    String refusal =
        assertThrows(UserError.class, () -> OnnxInspector.inspect(file(), 32)).getMessage();
    assertTrue(refusal.contains(message), refusal);
  }

  /** Two bytes a node: unbounded, this file of 24 MB would be 12 million objects. */
  @Test
  void fewBytesDoNotBecomeManyObjects() throws IOException {
    byte[] nodes = new byte[24 << 20];
    for (int i = 0; i < nodes.length; i += 2) {
      nodes[i] = 1 << 3 | 2;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeInt64(1, 8);
    out.writeByteArray(7, nodes);
    out.flush();
    Files.write(file(), bytes.toByteArray());
    String refusal = refusal(file());
    assertTrue(
        refusal.contains("its graph, without the weights, would take more than 512 MiB"), refusal);
  }

  @Test
  void anEndlessNestOfGraphsIsRefused() throws IOException {
    GraphProto graph = GraphProto.getDefaultInstance();
    for (int i = 0; i < 40; i++) {
      GraphProto.Builder outer = GraphProto.newBuilder();
      outer.addNodeBuilder().addAttributeBuilder().setG(graph);
      graph = outer.build();
    }
    Files.write(
        file(), ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray());
    assertTrue(refusal(file()).contains("its graphs are nested more than 64 deep"));
  }

  @Test
  void anotherProgramsFileIsNoNetwork() throws IOException {
    Files.write(file(), new byte[] {8, 7, 1, 2, 3});
    assertTrue(refusal(file()).contains("its format is unknown"), refusal(file()));
  }

  /** Every mutation either is refused in a UserError or gives a network. */
  @Test
  void noMutationDoesMoreThanBeRefused() throws IOException {
    byte[] good = Files.readAllBytes(OnnxFiles.file("nhwc"));
    Random random = new Random(5);
    int read = 0;
    for (int turn = 0; turn < 100_000; turn++) {
      byte[] bad = good.clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        int at = random.nextInt(random.nextBoolean() ? 400 : bad.length);
        bad[at] =
            (byte) (random.nextBoolean() ? random.nextInt(256) : bad[at] ^ 1 << random.nextInt(8));
      }
      if (random.nextInt(4) == 0) {
        bad = Arrays.copyOf(bad, random.nextInt(bad.length));
      }
      try {
        FileNetwork network = new FileNetwork("bad", OnnxFile.read(file(), ByteBuffer.wrap(bad)));
        network.upTo(Map.of(network.tensor("pooled"), "cut:tensor"), OnnxFiles.input("nhwc"));
        read++;
      } catch (UserError e) {
        assertTrue(e.getMessage().startsWith("Cannot "), e.getMessage());
      }
    }
    assertTrue(read > 5_000 && read < 95_000, "read " + read);
  }

  @Test
  void aTruncatedFileIsRefusedAtEveryLength() throws IOException {
    byte[] good = Files.readAllBytes(OnnxFiles.file("nhwc"));
    for (int length = 0; length < good.length; length += 7) {
      Files.write(file(), Arrays.copyOf(good, length));
      String refusal = refusal(file());
      assertTrue(refusal.startsWith("Cannot "), refusal);
    }
  }

  private static Map<String, List<Float>> floats(ModelProto model) {
    Map<String, List<Float>> values = new TreeMap<>();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      List<Float> all = new ArrayList<>();
      for (var floats = Topology.floats(FileTensors.float32(tensor)); floats.hasRemaining(); ) {
        all.add(floats.get());
      }
      values.put(tensor.getName(), all);
    }
    return values;
  }
}
