package org.graft.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.backbone.ActivationRanges;
import org.graft.common.Json;
import org.graft.feature.FeatureExtractor.FrontEnd;
import org.graft.sample.RejectedException;
import org.graft.sample.SampleSource;
import org.graft.sample.Split;

/** A few of the user's own training pictures as network inputs, and what was learned from them. */
public final class Calibration {
  private static final long MOST_BYTES = 16L << 20;

  private Calibration() {}

  /** Finds the ranges of a network's tensors. */
  @FunctionalInterface
  public interface Ranges {
    ActivationRanges find() throws IOException;
  }

  /**
   * {@code [channels x height x width]} each, of the {@code n} training samples with the smallest
   * keys: the same ones every time. Samples that the extraction will reject are left out.
   */
  public static Iterator<float[]> inputs(
      Session session,
      Index index,
      SampleSource source,
      BackboneChoice backbone,
      ExtractOptions options,
      int n)
      throws IOException {
    FrontEnd frontEnd = backbone.frontEnd(options.limits());
    Dataset<Row> rows =
        new Contents(session)
            .of(
                index
                    .samples()
                    .filter(index.samples().col("split").equalTo(Split.TRAIN.id()))
                    .orderBy("key")
                    .limit(n),
                source)
            .orderBy("key");
    return stream(rows.toLocalIterator())
        .map(row -> decoded(session, row, frontEnd))
        .filter(Objects::nonNull)
        .iterator();
  }

  private static Stream<Row> stream(Iterator<Row> rows) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false);
  }

  /** Null for a sample that the extraction will reject and count. */
  private static float[] decoded(Session session, Row row, FrontEnd frontEnd) {
    SampleReader reader = new SampleReader(session.storage());
    try {
      return frontEnd.tensor(Extraction.sample(reader, row).content().read());
    } catch (RejectedException rejected) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + row.getAs("path"), e);
    } finally {
      reader.close();
    }
  }

  /**
   * The ranges of a network, found once for a workspace and kept: with each new one all features
   * would have to be extracted again. To calibrate anew, delete the file.
   *
   * @param network the float32 network; its fingerprint names the file
   */
  public static ActivationRanges kept(
      Session session,
      Workspace workspace,
      BackboneChoice network,
      ExtractOptions options,
      Ranges ranges)
      throws IOException {
    String file = workspace.calibration(network.fingerprint().sha256());
    if (session.storage().exists(file)) {
      return Json.read(session.storage().read(file, MOST_BYTES), ActivationRanges.class, file);
    }
    ActivationRanges found = ranges.find();
    session.storage().write(file, Json.pretty(found).getBytes(StandardCharsets.UTF_8));
    return found;
  }
}
