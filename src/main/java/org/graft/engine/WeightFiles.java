package org.graft.engine;

import java.io.IOException;
import java.nio.file.Path;
import org.graft.common.UserError;
import org.graft.engine.keras.KerasArchive;
import org.graft.engine.keras.KerasH5File;
import org.graft.weights.NemoArchive;
import org.graft.weights.OnnxWeights;
import org.graft.weights.PackedFile;
import org.graft.weights.SafetensorsFile;
import org.graft.weights.SavedModel;
import org.graft.weights.SavedModelArchive;
import org.graft.weights.ShardedWeights;
import org.graft.weights.Tensors;
import org.graft.weights.TfCheckpoint;
import org.graft.weights.TfGraph;
import org.graft.weights.TfJsModel;
import org.graft.weights.TorchCheckpoint;
import org.graft.weights.WeightFormat;

/** Opens a weight file with the reader that its contents ask for. */
public final class WeightFiles {
  private WeightFiles() {}

  /**
   * @throws UserError if the file is missing, damaged or of no known format, or is a whole network,
   *     which has no named tensors: ask {@link WeightFormat#of} first where that may be
   */
  public static Tensors open(Path path) throws IOException {
    return switch (WeightFormat.of(path)) {
      case SAFETENSORS -> SafetensorsFile.open(path);
      case TORCH -> TorchCheckpoint.open(path);
      case KERAS_H5 -> KerasH5File.open(path);
      case KERAS_ARCHIVE -> KerasArchive.open(path);
      case ONNX -> OnnxWeights.open(path);
      case TFJS -> TfJsModel.open(path);
      case TF_CHECKPOINT -> TfCheckpoint.open(path);
      case SAVED_MODEL -> SavedModel.open(path);
      case SAVED_MODEL_ARCHIVE -> SavedModelArchive.open(path);
      case NEMO_ARCHIVE -> NemoArchive.open(path);
      case KERAS_H5_GZIP -> PackedFile.open(path, KerasH5File::open);
      case TF_GRAPH -> TfGraph.open(path);
      case SHARDED -> ShardedWeights.open(path);
      case DL4J_ZIP ->
          throw new UserError(
              "Cannot read weights from %s: it is a whole DL4J network. Load it as one."
                  .formatted(path));
    };
  }

  /**
   * One file that holds the weights of {@code source}, for sending to executors. A format of a
   * single file is given back as it is, and so is an ONNX model, even with external data; a sharded
   * one, a TensorFlow.js model, a TensorFlow checkpoint or SavedModel (folder or archive), a NeMo
   * archive or a packed file is written anew as {@code <stem>-<digest>.safetensors} in {@code
   * folder}, one tensor at a time. Equal weights give equal bytes and an equal name; the file
   * appears whole or not at all.
   *
   * @param folder made where it is missing
   * @throws UserError if the source is missing, damaged or of no known format
   */
  public static Path single(Path source, Path folder) throws IOException {
    return switch (WeightFormat.of(source)) {
      case SHARDED,
              TFJS,
              TF_CHECKPOINT,
              SAVED_MODEL,
              SAVED_MODEL_ARCHIVE,
              NEMO_ARCHIVE,
              KERAS_H5_GZIP ->
          SingleFile.write(source, folder);
      default -> source;
    };
  }
}
