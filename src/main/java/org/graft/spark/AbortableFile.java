package org.graft.spark;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.graft.common.PathException;
import org.graft.common.PendingOutputStream;
import org.graft.common.Storage.PendingFile;

/**
 * A pending file on an object store (S3A). An object appears, whole, when its stream is closed, so
 * closing is the commit, and aborting drops what was uploaded. There is nothing to rename, which
 * would be a copy there.
 */
final class AbortableFile implements PendingFile {
  private final String path;
  private final FSDataOutputStream object;
  private final OutputStream out;
  private boolean committed;

  AbortableFile(FileSystem files, Path target) throws IOException {
    path = target.toString();
    try {
      object = files.create(target, true);
    } catch (IOException e) {
      throw new PathException("write", path, e);
    }
    out = new PendingOutputStream(object, path);
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void commit() throws IOException {
    try {
      object.close();
    } catch (IOException e) {
      throw new PathException("write", path, e);
    }
    committed = true;
  }

  @Override
  public void close() {
    if (!committed) {
      object.abort();
    }
  }
}
