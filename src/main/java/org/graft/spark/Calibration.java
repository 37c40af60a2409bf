package org.graft.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.graft.feature.FeatureExtractor.FrontEnd;
import org.graft.sample.RejectedException;
import org.graft.sample.SampleSource;
import org.graft.sample.Split;

/** A few of the user's own training pictures as network inputs, the same ones every time. */
public final class Calibration {
  private static final int INPUTS = 16;

  private Calibration() {}

  /** {@code [n][channels x height x width]}, of the training samples with the smallest keys. */
  public static float[][] inputs(
      Session session,
      Index index,
      SampleSource source,
      BackboneChoice backbone,
      ExtractOptions options)
      throws IOException {
    FrontEnd frontEnd = BackboneChoice.frontEnd(backbone.spec().card(), options.maxPixels());
    List<Row> rows =
        new Contents(session)
            .of(
                index
                    .samples()
                    .filter(index.samples().col("split").equalTo(Split.TRAIN.id()))
                    .orderBy("key")
                    .limit(INPUTS),
                source)
            .orderBy("key")
            .collectAsList();
    List<float[]> inputs = new ArrayList<>();
    SampleReader reader = new SampleReader(session.storage());
    for (Row row : rows) {
      decoded(reader, row, frontEnd).ifPresent(inputs::add);
    }
    reader.close();
    return inputs.toArray(new float[0][]);
  }

  /** Nothing for a sample that the extraction will reject and count. */
  private static Optional<float[]> decoded(SampleReader reader, Row row, FrontEnd frontEnd)
      throws IOException {
    try {
      return Optional.of(frontEnd.tensor(Extraction.sample(reader, row).content().read()));
    } catch (RejectedException rejected) {
      return Optional.empty();
    }
  }
}
