package org.graft.spark;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.graft.common.Storage;
import org.graft.common.Storage.Ranges;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of source rows, for one task and all its threads: {@code content} where the row has it,
 * else {@code bytes} of {@code shard} from {@code offset} on, else the file {@code path}. Shards
 * stay open from one read to the next.
 */
final class SampleReader {
  private static final Logger log = LoggerFactory.getLogger(SampleReader.class);
  private static final int MOST_OPEN = 4;

  private final Storage storage;
  private final Map<String, OpenShard> open = new LinkedHashMap<>(16, 0.75f, true);

  private static final class OpenShard {
    private final Ranges ranges;
    private int readers;

    OpenShard(Ranges ranges) {
      this.ranges = ranges;
    }
  }

  SampleReader(Storage storage) {
    this.storage = storage;
  }

  /** One that closes its files when the running task ends. */
  static SampleReader ofTask(Storage storage) {
    SampleReader reader = new SampleReader(storage);
    TaskCompletionListener close = context -> reader.close();
    TaskContext.get().addTaskCompletionListener(close);
    return reader;
  }

  /** All bytes, as many as there are. */
  byte[] read(SourceRow row) throws IOException {
    if (row.content() != null) {
      return row.content();
    }
    return row.shard() == null
        ? storage.read(row.path(), Integer.MAX_VALUE - 16)
        : range(row.shard(), row.offset(), Math.toIntExact(row.bytes()));
  }

  /** At least one byte, and at most {@code most}; a row that was rejected before stays so. */
  byte[] read(SourceRow row, long most) throws RejectedException {
    if (row.reason() != null) {
      throw new RejectedException(Reason.valueOf(row.reason()), row.detail());
    }
    byte[] bytes;
    if (row.content() != null) {
      bytes = row.content();
    } else if (row.shard() == null) {
      bytes = file(row.path(), most);
    } else {
      refuseTooLarge(row.bytes(), most);
      bytes = range(row);
    }
    refuseTooLarge(bytes.length, most);
    if (bytes.length == 0) {
      throw new RejectedException(Reason.EMPTY, "it has 0 bytes");
    }
    return bytes;
  }

  private static void refuseTooLarge(long bytes, long most) throws RejectedException {
    if (bytes > most) {
      throw new RejectedException(
          Reason.TOO_LARGE, "it has more than %d bytes (limits.bytes)".formatted(most));
    }
  }

  private byte[] range(SourceRow row) throws RejectedException {
    try {
      return range(row.shard(), row.offset(), (int) row.bytes());
    } catch (IOException e) {
      throw new RejectedException(Reason.UNREADABLE, e.getMessage(), e);
    }
  }

  private byte[] file(String path, long most) throws RejectedException {
    if (path.startsWith(InnerPaths.OUTSIDE)) {
      throw new RejectedException(
          Reason.UNREADABLE, "its path leads out of the source's folder: use paths inside it");
    }
    if (path.isEmpty()) {
      throw new RejectedException(Reason.UNREADABLE, "its row has no path");
    }
    try (InputStream in = storage.open(path)) {
      return in.readNBytes((int) most + 1);
    } catch (IOException e) {
      throw new RejectedException(Reason.UNREADABLE, e.getMessage(), e);
    }
  }

  private byte[] range(String shard, long offset, int length) throws IOException {
    OpenShard file = acquire(shard);
    try {
      return file.ranges.read(offset, length);
    } finally {
      release(file);
    }
  }

  private synchronized OpenShard acquire(String shard) throws IOException {
    OpenShard file = open.get(shard);
    if (file == null) {
      file = new OpenShard(storage.ranges(shard));
      open.put(shard, file);
    }
    file.readers++;
    return file;
  }

  /** The least recently used are closed, where nobody reads them just now. */
  private synchronized void release(OpenShard file) throws IOException {
    file.readers--;
    var eldest = open.values().iterator();
    while (open.size() > MOST_OPEN && eldest.hasNext()) {
      OpenShard old = eldest.next();
      if (old.readers == 0) {
        eldest.remove();
        old.ranges.close();
      }
    }
  }

  synchronized void close() {
    for (OpenShard file : open.values()) {
      try {
        file.ranges.close();
      } catch (IOException e) {
        log.debug("closing a file that was only read", e);
      }
    }
    open.clear();
  }
}
