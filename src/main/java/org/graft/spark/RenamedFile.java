package org.graft.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.graft.common.PathException;
import org.graft.common.PendingOutputStream;
import org.graft.common.Storage.PendingFile;

/** A pending file on a file system with rename (HDFS), written beside its target. */
final class RenamedFile implements PendingFile {
  private final FileSystem files;
  private final Configuration configuration;
  private final Path target;
  private final Path temporary;
  private final FSDataOutputStream file;
  private final OutputStream out;
  private boolean committed;

  RenamedFile(FileSystem files, Path target, Configuration configuration) throws IOException {
    this.files = files;
    this.configuration = configuration;
    this.target = files.makeQualified(target);
    temporary = new Path(this.target.getParent(), "_tmp." + UUID.randomUUID());
    try {
      if (files.exists(target) && files.getFileStatus(target).isDirectory()) {
        throw new IOException("it is a folder");
      }
      file = files.create(temporary, false);
    } catch (IOException e) {
      throw new PathException("write", target.toString(), e);
    } catch (IllegalArgumentException e) {
      // HDFS has no colons in names.
      throw new PathException("write", target.toString(), String.valueOf(e.getMessage()));
    }
    out = new PendingOutputStream(file, target.toString());
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void commit() throws IOException {
    try {
      file.close();
      replace();
    } catch (IOException e) {
      throw new PathException("write", target.toString(), e);
    }
    committed = true;
  }

  private void replace() throws IOException {
    try {
      // FileSystem.rename refuses an existing target; this one replaces it in one step on HDFS.
      FileContext.getFileContext(target.toUri(), configuration)
          .rename(temporary, target, Rename.OVERWRITE);
    } catch (UnsupportedFileSystemException e) {
      // Here a crash between the two loses the old file, and never shows half of the new one.
      files.delete(target, false);
      if (!files.rename(temporary, target)) {
        throw new IOException("the file system refused to rename " + temporary, e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (committed) {
      return;
    }
    try {
      file.close();
    } finally {
      files.delete(temporary, false);
    }
  }
}
