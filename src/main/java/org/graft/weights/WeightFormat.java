package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.graft.common.UserError;

/** The weight formats that Graft knows, told by a file's contents and never by its name. */
public enum WeightFormat {
  SAFETENSORS,
  /** A state dict from {@code torch.save}, in the zip format or the one before it. */
  TORCH,
  /** HDF5, as Keras writes it. */
  KERAS_H5,
  /** Keras 3's {@code .keras}: a zip file around HDF5. */
  KERAS_ARCHIVE,
  /** A whole network, as torch, tf2onnx and others export it; its initialisers have names. */
  ONNX,
  /** The {@code model.json} of a TensorFlow.js layers or graph model. */
  TFJS,
  /** The {@code .index} of a TensorFlow checkpoint. */
  TF_CHECKPOINT,
  /** The folder of a TensorFlow SavedModel, or its {@code saved_model.pb}. */
  SAVED_MODEL,
  /** A SavedModel as {@code .tar.gz}. */
  SAVED_MODEL_ARCHIVE,
  /** NVIDIA NeMo's {@code .nemo}: a state dict in a tar archive, packed or not. */
  NEMO_ARCHIVE,
  /** {@link #KERAS_H5}, packed by gzip. */
  KERAS_H5_GZIP,
  /** A TensorFlow {@code GraphDef} with constants for weights. */
  TF_GRAPH,
  /** The index of weights that Hugging Face's libraries spread over files. */
  SHARDED,
  /** A whole network written by DL4J's {@code ModelSerializer}. */
  DL4J_ZIP;

  /** How often {@link #companions} must be asked: a SavedModel's index names further files. */
  public static final int COMPANION_ROUNDS = 2;

  private static final String KNOWN =
      "Graft reads .safetensors, .pth (a state dict), sharded ones by their .index.json, .nemo,"
          + " Keras .keras, .h5 and .h5.gz, .onnx, TensorFlow.js model.json, TensorFlow checkpoints (.index),"
          + " SavedModels (a folder or .tar.gz), and DL4J .zip";
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);
  private static final int TAR_OFFSET = 257;
  private static final int HEAD = TAR_OFFSET + TAR.length;

  /**
   * @throws UserError naming the first bytes and the known formats, if it is none of them
   */
  public static WeightFormat of(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return ofFolder(path);
    }
    try (TensorFile file = TensorFile.open(path)) {
      return of(file);
    }
  }

  private static WeightFormat ofFolder(Path path) {
    if (Files.isRegularFile(path.resolve(SavedModel.GRAPH))) {
      return SAVED_MODEL;
    }
    throw new UserError(
        "Cannot read weights from %s: it is a folder without %s. Give a file, or the folder of a SavedModel."
            .formatted(path, SavedModel.GRAPH));
  }

  private static WeightFormat of(TensorFile file) throws IOException {
    byte[] head = file.bytes(0, (int) Math.min(HEAD, file.size())).array();
    if (startsWith(head, 0, ZIP)) {
      return ofZip(file);
    }
    if (startsWith(head, 0, HDF5)) {
      return KERAS_H5;
    }
    if (startsWith(head, 0, GZIP)) {
      return ofGzip(file);
    }
    if (startsWith(head, TAR_OFFSET, TAR) && isNemo(file)) {
      return NEMO_ARCHIVE;
    }
    if (TorchLegacyContainer.isLegacy(file)) {
      return TORCH;
    }
    if (isSafetensors(head, file.size())) {
      return SAFETENSORS;
    }
    if (SortedTable.isTable(file)) {
      return TF_CHECKPOINT;
    }
    if (isJson(head)) {
      return ofJson(file);
    }
    return ProtoKind.of(file).orElseThrow(() -> unknown(file, head));
  }

  /**
   * The names of the other files that belong to {@code path} and must lie beside it or, for a
   * SavedModel, in {@code variables/}; none leads elsewhere. They need not be there yet; those of a
   * SavedModel are complete once its {@code variables/variables.index} is there. Empty for a file
   * that is whole.
   *
   * @throws UserError if the file is of no known format, damaged, or names a file elsewhere
   */
  public static List<String> companions(Path path) throws IOException {
    WeightFormat format = of(path);
    if (format == SAVED_MODEL) {
      return SavedModel.files(path);
    }
    try (TensorFile file = TensorFile.open(path)) {
      return switch (format) {
        case SHARDED -> ShardedWeights.files(file);
        case TFJS -> TfJsModel.files(file);
        case TF_CHECKPOINT -> TfCheckpoint.files(file);
        case ONNX -> OnnxWeights.files(file);
        default -> List.of();
      };
    }
  }

  private static WeightFormat ofGzip(TensorFile file) throws IOException {
    if (startsWith(PackedFile.head(file, HDF5.length), 0, HDF5)) {
      return KERAS_H5_GZIP;
    }
    return isNemo(file) ? NEMO_ARCHIVE : SAVED_MODEL_ARCHIVE;
  }

  private static boolean isNemo(TensorFile file) throws IOException {
    Pattern either = Pattern.compile(NemoArchive.FILES + "|" + SavedModelArchive.WANTED);
    return new TarArchive(file)
        .first(either)
        .filter(NemoArchive.FILES.asMatchPredicate())
        .isPresent();
  }

  private static WeightFormat ofZip(TensorFile file) throws IOException {
    StoredZip zip = StoredZip.read(file);
    if (zip.names().contains("configuration.json")) {
      return DL4J_ZIP;
    }
    if (TorchZipContainer.folder(zip).isPresent()) {
      return TORCH;
    }
    if (zip.names().contains("model.weights.h5")) {
      return KERAS_ARCHIVE;
    }
    throw file.unsupported("it is a zip file of another kind", KNOWN + ".");
  }

  private static boolean isJson(byte[] head) {
    return new String(head, StandardCharsets.ISO_8859_1).stripLeading().startsWith("{");
  }

  private static WeightFormat ofJson(TensorFile file) throws IOException {
    Set<String> fields = JsonIndex.read(file).keySet();
    if (fields.contains(ShardedWeights.MAP)) {
      return SHARDED;
    }
    if (fields.contains(TfJsModel.MANIFEST)) {
      return TFJS;
    }
    throw file.unsupported("it is JSON of another kind", KNOWN + ".");
  }

  private static boolean isSafetensors(byte[] head, long size) {
    if (head.length <= Long.BYTES || head[Long.BYTES] != '{') {
      return false;
    }
    long length = Long.reverseBytes(ByteBuffer.wrap(head).getLong());
    return length > 0 && length <= size - Long.BYTES;
  }

  private static UserError unknown(TensorFile file, byte[] head) {
    if (startsWith(head, TAR_OFFSET, TAR)) {
      return file.unsupported(
          "it is a tar file, as torch wrote them before version 0.1.12",
          "Write it anew in Python: torch.save(torch.load(OLD, weights_only=False), NEW), if you"
              + " trust it.");
    }
    byte[] first = Arrays.copyOf(head, Math.min(head.length, 16));
    String hex = HexFormat.ofDelimiter(" ").formatHex(first);
    return file.unsupported(
        head.length == 0 ? "it is empty" : "its format is unknown (first bytes: " + hex + ")",
        KNOWN + ".");
  }

  private static boolean startsWith(byte[] head, int from, byte[] magic) {
    return head.length >= from + magic.length
        && Arrays.equals(head, from, from + magic.length, magic, 0, magic.length);
  }
}
