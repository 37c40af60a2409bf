package org.graft.engine.dl4j;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.graft.common.UserError;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network as DL4J's {@code ModelSerializer} writes it. Reads {@code configuration.json} and
 * {@code coefficients.bin} only: other entries may be Java objects, which nobody should
 * deserialise.
 */
final class Dl4jZip {
  private static final long MAX_CONFIGURATION = 64L << 20;
  private static final int CHUNK = 1 << 20;

  /** Trained weights hardly shrink at all; a bomb grows a thousandfold. */
  private static final long MOST_GROWTH = 100;

  private static final long ALWAYS_ALLOWED = 64L << 20;

  /** Rank, dimensions, strides and four more, for at most 32 dimensions. */
  private static final long LONGEST_SHAPE = 1 << 10;

  private static final Pattern CLASS = Pattern.compile("\"@class\"\\s*:\\s*\"([^\"]*)\"");

  /** What Graft's own networks have that DL4J lacks. */
  private static final Set<String> OWN =
      Set.of(
          ChannelNorm.class.getName(),
          ChannelScale.class.getName(),
          ChannelScaleVertex.class.getName(),
          ErfGelu.class.getName(),
          HardSigmoid.class.getName(),
          HardSwish.class.getName());

  private static final String AGAIN = "Save the network again with ModelSerializer.";

  private final Path path;

  private Dl4jZip(Path path) {
    this.path = path;
  }

  /** The whole network. */
  static FrozenNetwork read(Path path) throws IOException {
    return new Dl4jZip(path).read();
  }

  private FrozenNetwork read() throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      ComputationGraphConfiguration network = configuration(zip);
      ZipEntry coefficients = entry(zip, "coefficients.bin");
      checkSize(parameterCount(network), coefficients);
      FrozenNetwork frozen = FrozenNetwork.zeros(network);
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(zip.getInputStream(coefficients), CHUNK))) {
        fill(frozen.parameters(), in);
        return frozen;
      } catch (RuntimeException | IOException e) {
        frozen.parameters().close();
        throw e;
      }
    } catch (ZipException | EOFException e) {
      throw error("the zip file is damaged", AGAIN);
    }
  }

  /** Before that much is allocated. */
  private void checkSize(long parameters, ZipEntry coefficients) {
    long bytes = coefficients.getSize();
    if (parameters <= 0 || bytes / Float.BYTES < parameters) {
      throw error(
          "its configuration wants %d parameters (coefficients.bin has %d bytes)"
              .formatted(parameters, bytes),
          AGAIN);
    }
    if (bytes > ALWAYS_ALLOWED && bytes / MOST_GROWTH > coefficients.getCompressedSize()) {
      throw error(
          "its coefficients.bin would grow from %d to %d bytes (limit: %d-fold)"
              .formatted(coefficients.getCompressedSize(), bytes, MOST_GROWTH),
          AGAIN);
    }
  }

  /** DL4J throws all kinds of exceptions at a configuration that makes no sense. */
  private long parameterCount(ComputationGraphConfiguration network) {
    try {
      network.setDataType(DataType.FLOAT);
      return FrozenNetwork.parameterCount(network);
    } catch (RuntimeException e) {
      throw new UserError(
          "Cannot read the DL4J network %s: its configuration is no network (%s). %s"
              .formatted(path, e, AGAIN),
          e);
    }
  }

  private ComputationGraphConfiguration configuration(ZipFile zip) throws IOException {
    byte[] json;
    try (InputStream in = zip.getInputStream(entry(zip, "configuration.json"))) {
      json = in.readNBytes((int) MAX_CONFIGURATION);
    }
    String text = new String(json, StandardCharsets.UTF_8);
    refuseForeignClasses(text);
    try {
      ComputationGraphConfiguration network = ComputationGraphConfiguration.fromJson(text);
      return isGraph(network) ? network : chain(MultiLayerConfiguration.fromJson(text));
    } catch (UserError e) {
      throw e;
    } catch (RuntimeException e) {
      throw new UserError(
          "Cannot read the DL4J network %s: its configuration is not one of a ComputationGraph or MultiLayerNetwork. Save one with ModelSerializer."
              .formatted(path),
          e);
    }
  }

  private static boolean isGraph(ComputationGraphConfiguration network) {
    return network.getVertices() != null && network.getNetworkInputs() != null;
  }

  /** The same layers as a graph, named by their number: as {@code toComputationGraph} does it. */
  private ComputationGraphConfiguration chain(MultiLayerConfiguration layers) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs(Sketch.INPUT)
            .validateOutputLayerConfig(false);
    String last = Sketch.INPUT;
    for (int i = 0; i < layers.getConfs().size(); i++) {
      String name = String.valueOf(i);
      graph.addLayer(name, layers.getConf(i).getLayer(), layers.getInputPreProcess(i), last);
      last = name;
    }
    if (last.equals(Sketch.INPUT)) {
      throw error("it has no layers", AGAIN);
    }
    return graph.setOutputs(last).build();
  }

  /** Names in the JSON become objects: only DL4J's own and Graft's may. */
  private void refuseForeignClasses(String json) {
    Matcher named = CLASS.matcher(json);
    while (named.find()) {
      String name = named.group(1);
      if (!name.startsWith("org.deeplearning4j.")
          && !name.startsWith("org.nd4j.")
          && !OWN.contains(name)) {
        throw error(
            "its configuration names the class " + name,
            "Only DL4J's own layers and Graft's are loaded.");
      }
    }
  }

  /**
   * ND4J's format: a buffer of shape information, then a buffer of values; each is a mode (UTF), a
   * length, a type (UTF) and the elements, big-endian.
   */
  private void fill(INDArray parameters, DataInputStream in) throws IOException {
    try {
      read(parameters, in);
    } catch (IllegalArgumentException | EOFException | UTFDataFormatException | ZipException e) {
      throw error("its coefficients.bin is damaged", AGAIN);
    }
  }

  private void read(INDArray parameters, DataInputStream in) throws IOException {
    in.readUTF();
    long shape = in.readLong();
    DataType type = DataType.valueOf(in.readUTF());
    if (shape < 0 || shape > LONGEST_SHAPE) {
      throw error("its parameters' shape has %d numbers".formatted(shape), AGAIN);
    }
    in.skipNBytes(shape * type.width());
    in.readUTF();
    long length = in.readLong();
    String values = in.readUTF();
    if (length != parameters.length()) {
      throw error(
          "it has %d parameters, its configuration wants %d".formatted(length, parameters.length()),
          AGAIN);
    }
    if (!values.equals("FLOAT")) {
      throw error("its parameters are " + values + ", not FLOAT", "Convert it to float and save.");
    }
    float[] chunk = new float[(int) Math.min(CHUNK, length)];
    var target = parameters.data().asNioFloat();
    for (long done = 0; done < length; done += chunk.length) {
      int now = (int) Math.min(chunk.length, length - done);
      for (int i = 0; i < now; i++) {
        chunk[i] = in.readFloat();
      }
      target.put(chunk, 0, now);
    }
  }

  private ZipEntry entry(ZipFile zip, String name) {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw error("it has no " + name, AGAIN);
    }
    return entry;
  }

  private UserError error(String why, String advice) {
    return new UserError("Cannot read the DL4J network %s: %s. %s".formatted(path, why, advice));
  }
}
