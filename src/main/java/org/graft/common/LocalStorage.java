package org.graft.common;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The local disk, or one mounted from elsewhere. Symbolic links are followed when listing, never
 * when deleting. A commit is on the disk, not only in the system's cache, before it has its name.
 */
public final class LocalStorage implements Storage {

  @Override
  public InputStream open(String path) throws IOException {
    return reading(path, Files::newInputStream);
  }

  private interface Reading<T> {
    T of(Path file) throws IOException;
  }

  private static <T> T reading(String path, Reading<T> reading) throws IOException {
    Path file = Path.of(path);
    if (Files.isDirectory(file)) {
      throw new PathException("read", path, "it is a folder");
    }
    try {
      return reading.of(file);
    } catch (NoSuchFileException e) {
      throw new FileNotFoundException("Cannot read " + path + ": there is no such file");
    } catch (IOException e) {
      throw new PathException("read", path, e);
    }
  }

  @Override
  public Ranges ranges(String path) throws IOException {
    return new LocalRanges(path, reading(path, FileChannel::open));
  }

  @Override
  public Entry entry(String path) throws IOException {
    open(path).close(); // which says what is wrong, where something is
    BasicFileAttributes file =
        reading(path, each -> Files.readAttributes(each, BasicFileAttributes.class));
    return new Entry(path, file.size(), file.lastModifiedTime().toMillis());
  }

  @Override
  public boolean exists(String path) {
    return Files.exists(Path.of(path));
  }

  @Override
  public boolean isFolder(String path) {
    return Files.isDirectory(Path.of(path));
  }

  @Override
  public List<Entry> list(String folder) throws IOException {
    Path root = Path.of(folder);
    List<Entry> entries = new ArrayList<>();
    if (!Files.exists(root)) {
      return entries;
    }
    if (!Files.isDirectory(root)) {
      throw new PathException("list", folder, "it is a file, not a folder");
    }
    Files.walkFileTree(
        root,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // A link to nowhere is listed, so that its reader can say so; pipes and devices are
            // not.
            if (!attributes.isOther()) {
              entries.add(entry(folder, root, file, attributes));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            // Others may write here: what they removed in the meantime is not there.
            return e instanceof NoSuchFileException
                ? FileVisitResult.CONTINUE
                : super.visitFileFailed(file, e);
          }
        });
    entries.sort(Comparator.comparing(Entry::path));
    return entries;
  }

  private static Entry entry(String folder, Path root, Path file, BasicFileAttributes attributes) {
    String separator = folder.endsWith("/") ? "" : "/";
    return new Entry(
        folder + separator + root.relativize(file),
        attributes.size(),
        attributes.lastModifiedTime().toMillis());
  }

  @Override
  public List<String> folders(String folder) throws IOException {
    if (!isFolder(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(Path.of(folder))) {
      return children
          .filter(Files::isDirectory)
          .map(child -> child.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Override
  public PendingFile create(String path) throws IOException {
    return new Pending(Path.of(path));
  }

  @Override
  public void delete(String path) throws IOException {
    Path root = Path.of(path);
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new PathException("delete", path, e);
    }
    Files.deleteIfExists(hadoopChecksum(root));
  }

  /** By a second name for a whole file, which no file system gives twice. */
  @Override
  public boolean createNew(String path, byte[] bytes) throws IOException {
    Path target = Path.of(path);
    try (Pending file = new Pending(target)) {
      file.out().write(bytes);
      file.out().flush();
      Files.createLink(target, file.temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return createPlain(target, bytes);
    }
  }

  /** Where there are no links: who reads it just then may see the beginning of it only. */
  private static boolean createPlain(Path target, byte[] bytes) throws IOException {
    try {
      Files.createFile(target, Pending.atMost(target, "rw-rw-r--"));
      Files.write(target, bytes);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new PathException("write", target.toString(), e);
    }
  }

  @Override
  public boolean excludes(String path) {
    return true;
  }

  /**
   * Hadoop's local file system keeps a checksum in {@code .NAME.crc} and refuses a file that does
   * not agree with it, so a file that is replaced by other means must lose it.
   */
  private static Path hadoopChecksum(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".crc");
  }

  private record LocalRanges(String path, FileChannel channel) implements Ranges {
    @Override
    public byte[] read(long offset, int length) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw Ranges.cutShort(path, offset, length);
        }
      }
      return bytes.array();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Written beside its target, so that the last step is a rename within one file system. */
  private static final class Pending implements PendingFile {
    private final Path target;
    private final Path temporary;
    private final FileChannel file;
    private final OutputStream out;
    private boolean committed;

    Pending(Path target) throws IOException {
      this.target = target;
      // Not the target's name and some more: that may be too long for a name.
      temporary = target.resolveSibling("_tmp." + UUID.randomUUID());
      if (Files.isDirectory(target)) {
        throw new PathException("write", target.toString(), "it is a folder");
      }
      try {
        makeFolder(target.toAbsolutePath().getParent());
        file =
            FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                atMost(temporary, "rw-rw-r--"));
      } catch (IOException e) {
        throw new PathException("write", target.toString(), e);
      }
      out =
          new PendingOutputStream(
              new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16), target.toString());
    }

    private static void makeFolder(Path folder) throws IOException {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder, atMost(folder, "rwxrwxr-x"));
      }
    }

    /** The process' umask takes away more; but who may write is no stranger, whatever it is. */
    private static FileAttribute<?>[] atMost(Path path, String permissions) {
      return path.getFileSystem().supportedFileAttributeViews().contains("posix")
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
          }
          : new FileAttribute<?>[0];
    }

    @Override
    public OutputStream out() {
      return out;
    }

    @Override
    public void commit() throws IOException {
      out.flush();
      try {
        file.force(true);
        file.close();
        Files.deleteIfExists(hadoopChecksum(target));
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new PathException("write", target.toString(), e);
      }
      committed = true;
    }

    @Override
    public void close() throws IOException {
      if (!committed) {
        file.close();
        Files.deleteIfExists(temporary);
      }
    }
  }
}
