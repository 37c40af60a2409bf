package org.graft.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sha2;

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
import org.graft.sample.Sample;
import org.graft.sample.SampleLimits;
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

  /**
   * The same of a table: of a column of bytes the {@code n} samples with the smallest SHA-256,
   * which are those of an index of them; of paths those whose own is.
   *
   * @param most bytes of a sample
   */
  public static Iterator<float[]> inputs(
      Session session,
      Dataset<Row> samples,
      String column,
      BackboneChoice backbone,
      SampleLimits limits,
      long most,
      int n) {
    FrontEnd frontEnd = backbone.frontEnd(limits);
    CellSample cells = new CellSample(new SampleReader(session.storage()), false, most);
    Dataset<Row> few =
        samples
            .select(col(column))
            .filter(col(column).isNotNull())
            .orderBy(sha2(col(column).cast("binary"), 256))
            .limit(n);
    return stream(few.toLocalIterator())
        .map(row -> tensor(frontEnd, cells.of(row.get(0))))
        .filter(Objects::nonNull)
        .iterator();
  }

  private static float[] tensor(FrontEnd frontEnd, Sample sample) {
    try {
      return frontEnd.tensor(sample.content().read());
    } catch (RejectedException rejected) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + sample.path(), e);
    }
  }

  private static Stream<Row> stream(Iterator<Row> rows) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false);
  }

  /** Null for a sample that the extraction will reject and count. */
  private static float[] decoded(Session session, Row row, FrontEnd frontEnd) {
    SampleReader reader = new SampleReader(session.storage());
    try {
      return tensor(frontEnd, Extraction.sample(reader, row));
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
