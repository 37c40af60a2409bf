package org.graft.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.common.Digest;
import org.graft.common.Storage;
import org.graft.common.Storage.PendingFile;
import org.graft.sample.RejectedException;
import org.graft.sample.Split;
import org.graft.spark.PackOptions.Format;
import org.graft.spark.tar.PackedSample;
import org.graft.spark.tar.TarShardWriter;
import scala.Tuple2;

/** One task of packing: source rows, in their order, become a shard; what cannot be used a row. */
final class Packing implements Function2<Integer, Iterator<Tuple2<String, Row>>, Iterator<Row>> {
  private static final long serialVersionUID = 1L;

  /** Rejected samples, with a reason; and shards, without one. */
  static final StructType SCHEMA =
      Extraction.REJECTED
          .add("file", DataTypes.StringType)
          .add("samples", DataTypes.LongType)
          .add("bytes", DataTypes.LongType)
          .add("sha256", DataTypes.StringType);

  private final Broadcast<SerializableConfiguration> conf;
  private final PackNames names;
  private final PackOptions options;
  private final LabelRules rules;
  private final String output;
  private final LongAccumulator done;

  Packing(
      Session session, PackNames names, PackOptions options, String output, LongAccumulator done) {
    this.conf = session.conf();
    this.names = names;
    this.options = options;
    this.rules = new LabelRules(List.of(), options.multiLabel(), false, false);
    this.output = output;
    this.done = done;
  }

  /** Takes samples for one shard. */
  private interface Writer extends AutoCloseable {
    void add(PackedSample sample) throws IOException, RejectedException;

    @Override
    void close() throws IOException;
  }

  private Writer writer(OutputStream out) throws IOException {
    if (options.format() == Format.TAR) {
      TarShardWriter tar = new TarShardWriter(out);
      return new Writer() {
        @Override
        public void add(PackedSample sample) throws IOException, RejectedException {
          tar.add(sample);
        }

        @Override
        public void close() throws IOException {
          tar.close();
        }
      };
    }
    SampleTableWriter table = new SampleTableWriter(out, options.multiLabel());
    return new Writer() {
      @Override
      public void add(PackedSample sample) throws IOException {
        table.add(sample);
      }

      @Override
      public void close() throws IOException {
        table.close();
      }
    };
  }

  @Override
  public Iterator<Row> call(Integer shard, Iterator<Tuple2<String, Row>> rows) throws IOException {
    Storage storage = new HadoopStorage(conf.value().value());
    SampleReader reader = SampleReader.ofTask(storage);
    List<Row> results = new ArrayList<>();
    String file = options.format().file(shard);
    MessageDigest sha256 = sha256();
    long samples = 0;
    try (PendingFile pending = storage.create(output + "/" + file)) {
      try (Writer writer = writer(new DigestOutputStream(pending.out(), sha256))) {
        while (rows.hasNext()) {
          SourceRow row = SourceRow.of(rows.next()._2());
          try {
            writer.add(sample(reader, row));
            samples++;
          } catch (RejectedException e) {
            results.add(
                RowFactory.create(
                    "", row.path(), e.reason().name(), e.getMessage(), null, null, null, null));
          }
          done.add(1);
        }
      }
      pending.commit();
    }
    long bytes = storage.entry(output + "/" + file).length();
    String digest = HexFormat.of().formatHex(sha256.digest());
    results.add(RowFactory.create(null, null, null, null, file, samples, bytes, digest));
    return results.iterator();
  }

  private PackedSample sample(SampleReader reader, SourceRow row) throws RejectedException {
    byte[] content = reader.read(row, options.maxBytes());
    String name = names.of(row);
    return new PackedSample(
        name.isEmpty() ? Digest.of(content) : name,
        rules.labels(row.labels()),
        LabelRules.split(row.split()).map(Split::id).orElse(null),
        content);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
