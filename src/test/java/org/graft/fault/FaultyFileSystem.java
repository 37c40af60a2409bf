package org.graft.fault;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.graft.fault.Faults.Operation;

/** The local disk under {@code fault://NAME/}, failing as {@link Faults} of that name say. */
public final class FaultyFileSystem extends RawLocalFileSystem {
  private URI uri;
  private String name;

  @Override
  public void initialize(URI given, Configuration configuration) throws IOException {
    name = given.getAuthority();
    uri = URI.create("fault://" + name);
    super.initialize(uri, configuration);
    setWorkingDirectory(new Path(uri + "/"));
  }

  @Override
  public URI getUri() {
    // The constructor of the class above asks before there is a name.
    return uri == null ? super.getUri() : uri;
  }

  @Override
  public String getScheme() {
    return "fault";
  }

  private void check(Operation operation, Path path) throws IOException {
    Faults.named(name).check(operation, path.toUri().getPath());
  }

  @Override
  public FSDataInputStream open(Path path, int buffer) throws IOException {
    check(Operation.OPEN, path);
    return super.open(path, buffer);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    check(Operation.CREATE, path);
    claim(path, overwrite);
    return faulty(path, super.create(path, true, buffer, replication, block, progress));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    check(Operation.CREATE, path);
    claim(path, overwrite);
    return faulty(path, super.create(path, permission, true, buffer, replication, block, progress));
  }

  /**
   * In one step, as Hadoop's specification wants it; the local one looks first and then creates.
   */
  private void claim(Path path, boolean overwrite) throws IOException {
    if (overwrite) {
      return;
    }
    java.nio.file.Path file = pathToFile(path).toPath();
    try {
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    } catch (java.nio.file.FileAlreadyExistsException e) {
      throw new FileAlreadyExistsException(path.toString());
    }
  }

  private FSDataOutputStream faulty(Path path, OutputStream out) throws IOException {
    return new FSDataOutputStream(new FaultyStream(path, out), statistics);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    check(Operation.RENAME, from);
    boolean renamed = super.rename(from, to);
    appeared(to);
    return renamed;
  }

  /** In one step, as HDFS does it. */
  void replace(Path from, Path to) throws IOException {
    check(Operation.RENAME, from);
    Files.move(
        pathToFile(from).toPath(), pathToFile(to).toPath(), StandardCopyOption.REPLACE_EXISTING);
    appeared(to);
  }

  private void appeared(Path path) throws IOException {
    if (pathToFile(path).isFile()) {
      Faults.named(name).appeared(path.toUri().getPath());
    }
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    check(Operation.MKDIRS, path);
    return super.mkdirs(path);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    check(Operation.DELETE, path);
    return super.delete(path, recursive);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    check(Operation.LIST, path);
    Faults faults = Faults.named(name);
    return Arrays.stream(super.listStatus(path))
        .filter(file -> file.isDirectory() || !faults.leavesOut(file.getPath().toUri().getPath()))
        .map(FaultyFileSystem::plain)
        .toArray(FileStatus[]::new);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return plain(super.getFileStatus(path));
  }

  /** Without owner and mode, which the local one looks up by {@code file:} URIs. */
  private static FileStatus plain(FileStatus local) {
    return new FileStatus(
        local.getLen(),
        local.isDirectory(),
        1,
        local.getBlockSize(),
        local.getModificationTime(),
        local.getPath());
  }

  private final class FaultyStream extends FilterOutputStream {
    private final Path path;

    FaultyStream(Path path, OutputStream out) {
      super(out);
      this.path = path;
    }

    @Override
    public void write(int b) throws IOException {
      check(Operation.WRITE, path);
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        check(Operation.WRITE, path);
      } catch (IOException e) {
        out.write(bytes, offset, length / 2);
        throw e;
      }
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.close();
      check(Operation.CLOSE, path);
      appeared(path);
    }
  }
}
