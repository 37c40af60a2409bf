package org.graft.spark;

import java.io.IOException;
import java.util.HashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.graft.feature.FeatureVector;

/**
 * Writes feature vectors to one Parquet file from inside a task: {@code key} and {@code features}
 * as a list of floats, which Spark reads as {@code STRING, ARRAY<FLOAT>}. Spark's own writer
 * commits a whole job at once; this one lets each part count by itself.
 */
final class FeatureFile {
  private FeatureFile() {}

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message features {
            required binary key (STRING);
            required group features (LIST) {
              repeated group list {
                required float element;
              }
            }
          }
          """);

  static ParquetWriter<FeatureVector> create(String path, Configuration conf) throws IOException {
    return new Builder(HadoopOutputFile.fromPath(new Path(path), conf))
        .withConf(conf)
        .withCompressionCodec(CompressionCodecName.SNAPPY)
        // floats hardly repeat, and a dictionary that is given up half way only costs time
        .withDictionaryEncoding("features.list.element", false)
        .build();
  }

  private static final class Builder extends ParquetWriter.Builder<FeatureVector, Builder> {
    Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<FeatureVector> getWriteSupport(Configuration conf) {
      return new Rows();
    }
  }

  private static final class Rows extends WriteSupport<FeatureVector> {
    private RecordConsumer out;

    @Override
    public WriteContext init(Configuration conf) {
      return new WriteContext(SCHEMA, new HashMap<>());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(FeatureVector row) {
      out.startMessage();
      out.startField("key", 0);
      out.addBinary(Binary.fromString(row.key()));
      out.endField("key", 0);
      out.startField("features", 1);
      out.startGroup();
      if (row.values().length > 0) {
        out.startField("list", 0);
        for (float value : row.values()) {
          out.startGroup();
          out.startField("element", 0);
          out.addFloat(value);
          out.endField("element", 0);
          out.endGroup();
        }
        out.endField("list", 0);
      }
      out.endGroup();
      out.endField("features", 1);
      out.endMessage();
    }
  }
}
