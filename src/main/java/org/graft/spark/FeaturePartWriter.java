package org.graft.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.graft.common.Digest;
import org.graft.common.Json;
import org.graft.common.PathException;
import org.graft.common.Storage;
import org.graft.feature.FeaturePart;
import org.graft.feature.FeatureVector;

/**
 * One task's part of a feature store. The file has a name of its own for each attempt; the marker
 * that {@link #commit} writes, atomically, is the shard's, so of two attempts exactly one counts.
 */
final class FeaturePartWriter implements AutoCloseable {
  private final Storage storage;
  private final Configuration conf;
  private final String folder;
  private final String marker;
  private final String file = "part-" + UUID.randomUUID() + ".parquet";
  private final RowDigest digest = new RowDigest();
  private ParquetWriter<FeatureVector> writer;
  private long rows;
  private boolean committed;

  /**
   * @param shard names the shard among all of the store, now and later
   */
  FeaturePartWriter(Storage storage, Configuration conf, String folder, String shard) {
    this.storage = storage;
    this.conf = conf;
    this.folder = folder;
    this.marker = folder + "/" + FeatureStore.MARKER + shard + ".json";
  }

  void write(FeatureVector row) throws IOException {
    digest.add(new Digest().add(row.key()).add(row.values()));
    named(
        () -> {
          if (writer == null) {
            writer = FeatureFile.create(folder + "/" + file, conf);
          }
          writer.write(row);
        });
    rows++;
  }

  /**
   * Makes the rows count; nothing to do where there are none.
   *
   * @return whether there are any
   */
  boolean commit() throws IOException {
    if (writer == null) {
      return false;
    }
    named(writer::close);
    Path path = new Path(folder, file);
    long bytes = path.getFileSystem(conf).getFileStatus(path).getLen();
    FeaturePart part = new FeaturePart(file, bytes, rows, digest.hex());
    storage.write(marker, Json.line(part).getBytes(StandardCharsets.UTF_8));
    committed = true;
    return true;
  }

  /** Parquet's failures do not say which file. */
  private void named(Session.Work work) throws IOException {
    try {
      work.run();
    } catch (IOException e) {
      throw new PathException("write", folder + "/" + file, e);
    }
  }

  /** Removes the file where it was not committed. */
  @Override
  public void close() throws IOException {
    if (!committed && writer != null) {
      try {
        writer.close();
      } finally {
        storage.delete(folder + "/" + file);
      }
    }
  }
}
