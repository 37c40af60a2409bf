package org.graft.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.graft.spark.tar.PackedSample;

/**
 * Samples as a Parquet file of {@code path, label, split, content}, or {@code labels} where there
 * may be several. Pictures are compressed already, so the file is not.
 */
final class SampleTableWriter implements AutoCloseable {
  private static final int ROW_GROUP = 32 << 20;

  private static final String LABEL = "optional binary label (STRING);";
  private static final String LABELS =
      """
      optional group labels (LIST) {
        repeated group list {
          required binary element (STRING);
        }
      }
      """;

  private final ParquetWriter<PackedSample> writer;

  SampleTableWriter(OutputStream out, boolean multiLabel) throws IOException {
    writer =
        new Builder(new Streamed(out), multiLabel)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .withRowGroupSize((long) ROW_GROUP)
            .withDictionaryEncoding("content", false)
            .withDictionaryEncoding("path", false)
            .build();
  }

  void add(PackedSample sample) throws IOException {
    writer.write(sample);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<PackedSample, Builder> {
    private final boolean multiLabel;

    Builder(OutputFile file, boolean multiLabel) {
      super(file);
      this.multiLabel = multiLabel;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<PackedSample> getWriteSupport(Configuration conf) {
      return new Rows(multiLabel);
    }
  }

  private static final class Rows extends WriteSupport<PackedSample> {
    private final boolean multiLabel;
    private RecordConsumer out;

    Rows(boolean multiLabel) {
      this.multiLabel = multiLabel;
    }

    @Override
    public WriteContext init(Configuration conf) {
      MessageType schema =
          MessageTypeParser.parseMessageType(
              "message samples { required binary path (STRING); %s optional binary split (STRING); required binary content; }"
                  .formatted(multiLabel ? LABELS : LABEL));
      return new WriteContext(schema, new HashMap<>());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(PackedSample sample) {
      out.startMessage();
      field("path", 0, Binary.fromString(sample.name()));
      if (sample.labels() != null && multiLabel) {
        labels(sample);
      } else if (sample.labels() != null) {
        field("label", 1, Binary.fromString(sample.labels().get(0)));
      }
      if (sample.split() != null) {
        field("split", 2, Binary.fromString(sample.split()));
      }
      field("content", 3, Binary.fromConstantByteArray(sample.content()));
      out.endMessage();
    }

    private void labels(PackedSample sample) {
      out.startField("labels", 1);
      out.startGroup();
      if (!sample.labels().isEmpty()) {
        out.startField("list", 0);
        for (String label : sample.labels()) {
          out.startGroup();
          field("element", 0, Binary.fromString(label));
          out.endGroup();
        }
        out.endField("list", 0);
      }
      out.endGroup();
      out.endField("labels", 1);
    }

    private void field(String name, int index, Binary value) {
      out.startField(name, index);
      out.addBinary(value);
      out.endField(name, index);
    }
  }

  /** A stream as Parquet wants it. */
  private record Streamed(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSize) {
      return new PositionOutputStream() {
        private long position;

        @Override
        public long getPos() {
          return position;
        }

        @Override
        public void write(int b) throws IOException {
          out.write(b);
          position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          out.write(bytes, offset, length);
          position += length;
        }

        @Override
        public void flush() throws IOException {
          out.flush();
        }

        @Override
        public void close() throws IOException {
          out.close();
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
      return create(blockSize);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
