package org.graft.ml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsReader.Metadata;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.head.HeadFile;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Input;
import org.graft.head.TrainedHead.Output;
import org.graft.spark.Session;
import scala.Option;

/**
 * A saved {@link HeadModel}: Spark ML's {@code metadata}, and {@code data} with the head as a
 * bundle has it, {@code head.safetensors}, and what that does not say, {@code head.json}. Nothing
 * in it is a Java object.
 */
final class HeadModelFiles {
  private static final String HEAD = "data/head.safetensors";
  private static final String REST = "data/head.json";
  private static final int FORMAT = 1;
  private static final long MOST_BYTES = 1L << 30;
  private static final long MOST_JSON = 64L << 20;

  private HeadModelFiles() {}

  /**
   * @param format of these files
   * @param sha256 of the head, see {@link TrainedHead#sha256}
   */
  record Rest(int format, Input input, Output output, List<String> labels, String sha256) {
    static Rest of(TrainedHead head) {
      return new Rest(FORMAT, head.input(), head.output(), head.labels().names(), head.sha256());
    }

    boolean isWhole() {
      return input != null && output != null && labels != null && sha256 != null;
    }
  }

  static final class Writer extends MLWriter {
    private final HeadModel model;

    Writer(HeadModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter$.MODULE$.saveMetadata(model, path, sc(), Option.empty(), Option.empty());
      Storage storage = new Session(sparkSession()).storage();
      byte[] rest = Json.pretty(Rest.of(model.head())).getBytes(StandardCharsets.UTF_8);
      try {
        storage.write(new Path(path, HEAD).toString(), HeadFile.write(model.head()));
        storage.write(new Path(path, REST).toString(), rest);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot save to " + path, e);
      }
    }
  }

  static final class Reader extends MLReader<HeadModel> {
    @Override
    public HeadModel load(String path) {
      Metadata metadata =
          DefaultParamsReader$.MODULE$.loadMetadata(path, sc(), HeadModel.class.getName());
      try {
        TrainedHead head = head(new Session(sparkSession()).storage(), path);
        HeadModel model = new HeadModel(metadata.uid(), head, null);
        metadata.getAndSetParams(model, Option.empty());
        return model;
      } catch (IOException e) {
        throw new UncheckedIOException("cannot load " + path, e);
      }
    }

    private static TrainedHead head(Storage storage, String path) throws IOException {
      String file = new Path(path, REST).toString();
      Rest rest = Json.read(storage.read(file, MOST_JSON), Rest.class, file);
      if (rest.format() != FORMAT || !rest.isWhole()) {
        throw new UserError(
            "Cannot load %s: %s is of format %d, or not whole (this Graft reads format %d). Use another Graft, or save the model again."
                .formatted(path, REST, rest.format(), FORMAT));
      }
      String weights = new Path(path, HEAD).toString();
      byte[] bytes = storage.read(weights, MOST_BYTES);
      TrainedHead head = HeadFile.read(bytes, rest.input(), rest.output(), rest.labels(), weights);
      if (!head.sha256().equals(rest.sha256())) {
        throw new UserError(
            "Cannot load %s: %s is not the head that was saved (SHA-256 %s, expected %s). Save the model again."
                .formatted(path, HEAD, head.sha256(), rest.sha256()));
      }
      return head;
    }
  }
}
