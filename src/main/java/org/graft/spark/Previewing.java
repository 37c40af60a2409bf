package org.graft.spark;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.backbone.BackboneCard;
import org.graft.report.Preview;
import org.graft.sample.RejectedException;
import org.graft.sample.SampleLimits;
import org.graft.sample.SampleSource;

/** Samples of an index to what a page shows of them: small enough to be brought to the driver. */
public final class Previewing implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;
  private static final long MOST_BYTES = 256L << 20;

  private static final StructType SCHEMA =
      new StructType()
          .add("key", DataTypes.StringType)
          .add("picture", DataTypes.StringType)
          .add("text", DataTypes.StringType);

  private final Broadcast<SerializableConfiguration> conf;
  private final Preview.Kind kind;
  private final long maxPixels;

  private Previewing(Session session, Preview.Kind kind, long maxPixels) {
    this.conf = session.conf();
    this.kind = kind;
    this.maxPixels = maxPixels;
  }

  /**
   * @param keys of a few hundred samples
   * @return by key; of samples that cannot be shown, too
   */
  public static Map<String, Preview> of(
      Session session,
      Index index,
      SampleSource source,
      BackboneCard card,
      SampleLimits limits,
      Collection<String> keys)
      throws IOException {
    Dataset<Row> wanted =
        index
            .samples()
            .filter(col("key").isInCollection(keys))
            .select("key", "path", "bytes", "shard", "offset");
    Map<String, Preview> previews = new TreeMap<>();
    session.named(
        "inspect: look at samples",
        () ->
            new Contents(session)
                .of(wanted, source)
                .mapPartitions(
                    new Previewing(session, kind(card), limits.pixels()), Encoders.row(SCHEMA))
                .collectAsList()
                .forEach(
                    row ->
                        previews.put(
                            row.getString(0), new Preview(row.getString(1), row.getString(2)))));
    return previews;
  }

  private static Preview.Kind kind(BackboneCard card) {
    if (card.text() != null) {
      return Preview.Kind.TEXT;
    }
    return card.audio() != null ? Preview.Kind.SOUND : Preview.Kind.PICTURE;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    SampleReader reader = SampleReader.ofTask(new HadoopStorage(conf.value().value()));
    return Iterators.map(
        rows,
        row -> {
          Preview preview = preview(reader, SourceRow.indexed(row));
          return RowFactory.create(row.getAs("key"), preview.picture(), preview.text());
        });
  }

  private Preview preview(SampleReader reader, SourceRow place) {
    try {
      return kind == Preview.Kind.SOUND
          ? Preview.NONE
          : kind.preview(reader.read(place, MOST_BYTES), maxPixels);
    } catch (RejectedException e) {
      return Preview.NONE;
    }
  }
}
