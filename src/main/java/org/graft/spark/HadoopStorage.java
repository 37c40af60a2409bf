package org.graft.spark;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.common.LocalStorage;
import org.graft.common.PathException;
import org.graft.common.Storage;
import scala.Option;

/**
 * Every file system that Hadoop knows: {@code hdfs:}, {@code s3a:}, {@code file:}; a path without a
 * scheme is on {@code fs.defaultFS}. Serializable, with its configuration, for use in closures.
 *
 * <p>Plain local files go to {@link LocalStorage}: Hadoop's local file system replaces a file and
 * its checksum in two steps, so a crash between them leaves a file that cannot be read.
 */
public final class HadoopStorage implements Storage, Serializable {
  private static final long serialVersionUID = 1L;
  private static final LocalStorage LOCAL = new LocalStorage();

  private final SerializableConfiguration configuration;

  public HadoopStorage(Configuration configuration) {
    this.configuration = new SerializableConfiguration(configuration);
  }

  /** With the {@code spark.hadoop.*} settings of the session. */
  public static HadoopStorage of(SparkSession spark) {
    return new HadoopStorage(spark.sessionState().newHadoopConf());
  }

  /** With the {@code spark.hadoop.*} settings of this driver, also before its session is there. */
  public static HadoopStorage ofDriver() {
    Option<SparkSession> session = SparkSession.getDefaultSession();
    return session.isDefined()
        ? of(session.get())
        : new HadoopStorage(SparkHadoopUtil.get().newConfiguration(new SparkConf()));
  }

  /** A path and the file system it is on. */
  private record Place(FileSystem files, Path path) {
    boolean local() {
      return files.getClass() == LocalFileSystem.class;
    }

    /** The path for {@link LocalStorage}: without scheme, nothing escaped. */
    String plain() {
      return path.toUri().getPath();
    }
  }

  private Place place(String path) throws IOException {
    // Path(String) takes every character as it is; URIs and globs would not.
    Path given;
    try {
      given = new Path(path);
    } catch (IllegalArgumentException e) {
      throw new PathException("use", path, "it is not a path (" + e.getMessage() + ")");
    }
    try {
      return new Place(given.getFileSystem(configuration.value()), given);
    } catch (IOException e) {
      throw new PathException("use", path, e);
    }
  }

  @Override
  public InputStream open(String path) throws IOException {
    Place place = place(path);
    return place.local() ? LOCAL.open(place.plain()) : open(place, path);
  }

  private static FSDataInputStream open(Place place, String path) throws IOException {
    try {
      return place.files.open(place.path);
    } catch (FileNotFoundException e) {
      if (place.files.exists(place.path)) {
        throw new PathException("read", path, "it is a folder");
      }
      throw new FileNotFoundException("Cannot read " + path + ": there is no such file");
    } catch (IOException e) {
      throw new PathException("read", path, e);
    }
  }

  @Override
  public Ranges ranges(String path) throws IOException {
    Place place = place(path);
    return place.local() ? LOCAL.ranges(place.plain()) : new HadoopRanges(path, open(place, path));
  }

  private record HadoopRanges(String path, FSDataInputStream in) implements Ranges {
    @Override
    public byte[] read(long offset, int length) throws IOException {
      byte[] bytes = new byte[length];
      try {
        in.readFully(offset, bytes);
        return bytes;
      } catch (EOFException e) {
        throw Ranges.cutShort(path, offset, length);
      } catch (IOException e) {
        throw new PathException("read", path, e);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  @Override
  public Entry entry(String path) throws IOException {
    Place place = place(path);
    if (place.local()) {
      Entry entry = LOCAL.entry(place.plain());
      return new Entry(path, entry.length(), entry.modified());
    }
    FileStatus status = status(path);
    if (status == null) {
      throw new FileNotFoundException("Cannot read " + path + ": there is no such file");
    }
    if (status.isDirectory()) {
      throw new PathException("read", path, "it is a folder");
    }
    return new Entry(path, status.getLen(), status.getModificationTime());
  }

  @Override
  public boolean exists(String path) throws IOException {
    return status(path) != null;
  }

  @Override
  public boolean isFolder(String path) throws IOException {
    FileStatus status = status(path);
    return status != null && status.isDirectory();
  }

  /** Null if there is nothing at {@code path}. */
  private FileStatus status(String path) throws IOException {
    Place place = place(path);
    try {
      return place.files.getFileStatus(place.path);
    } catch (FileNotFoundException e) {
      return null;
    } catch (IOException e) {
      throw new PathException("look at", path, e);
    }
  }

  @Override
  public List<Entry> list(String folder) throws IOException {
    Place place = place(folder);
    List<Entry> entries =
        place.local() ? LOCAL.list(place.plain()) : walk(place.files, place.path, folder);
    String root = place.local() ? place.plain() : absolute(place);
    return entries.stream().map(entry -> under(folder, root, entry)).toList();
  }

  /** With paths as the file system gives them, less scheme and authority. */
  private static List<Entry> walk(FileSystem files, Path root, String folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try {
      RemoteIterator<LocatedFileStatus> found = files.listFiles(root, true);
      while (found.hasNext()) {
        LocatedFileStatus file = found.next();
        String path = file.getPath().toUri().getPath();
        entries.add(new Entry(path, file.getLen(), file.getModificationTime()));
      }
    } catch (FileNotFoundException e) {
      return entries;
    } catch (IOException e) {
      throw new PathException("list", folder, e);
    }
    if (entries.size() == 1 && files.getFileStatus(root).isFile()) {
      throw new PathException("list", folder, "it is a file, not a folder");
    }
    entries.sort(Comparator.comparing(Entry::path));
    return entries;
  }

  private static String absolute(Place place) {
    return place.files.makeQualified(place.path).toUri().getPath();
  }

  private static Entry under(String folder, String root, Entry entry) {
    String below = entry.path().substring(root.length());
    String separator = folder.endsWith("/") || below.startsWith("/") ? "" : "/";
    String joined = folder + separator + (folder.endsWith("/") ? strip(below) : below);
    return new Entry(joined, entry.length(), entry.modified());
  }

  private static String strip(String below) {
    return below.startsWith("/") ? below.substring(1) : below;
  }

  @Override
  public List<String> folders(String folder) throws IOException {
    Place place = place(folder);
    if (place.local()) {
      return LOCAL.folders(place.plain());
    }
    try {
      return Arrays.stream(place.files.listStatus(place.path))
          .filter(FileStatus::isDirectory)
          .map(status -> status.getPath().getName())
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new PathException("list", folder, e);
    }
  }

  @Override
  public PendingFile create(String path) throws IOException {
    Place place = place(path);
    if (place.local()) {
      return LOCAL.create(place.plain());
    }
    return isObjectStore(place)
        ? new AbortableFile(place.files, place.path)
        : new RenamedFile(place.files, place.path, configuration.value());
  }

  private static boolean isObjectStore(Place place) throws IOException {
    return place.files.hasPathCapability(place.path, CommonPathCapabilities.ABORTABLE_STREAM);
  }

  @Override
  public boolean createNew(String path, byte[] bytes) throws IOException {
    Place place = place(path);
    if (place.local()) {
      return LOCAL.createNew(place.plain(), bytes);
    }
    if (isObjectStore(place)) {
      return Storage.super.createNew(path, bytes);
    }
    // Hadoop's one promise of exclusion; who reads just then may see the beginning of it only.
    try (OutputStream file = place.files.create(place.path, false)) {
      file.write(bytes);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      if (exists(path)) { // HDFS: another writes it now
        return false;
      }
      throw new PathException("write", path, e);
    }
  }

  /** Hadoop's S3A, in the version that Spark 3.5 brings, has no conditional writes. */
  @Override
  public boolean excludes(String path) throws IOException {
    Place place = place(path);
    return place.local() || !isObjectStore(place);
  }

  @Override
  public void delete(String path) throws IOException {
    Place place = place(path);
    if (place.local()) {
      LOCAL.delete(place.plain());
      return;
    }
    try {
      place.files.delete(place.path, true);
    } catch (IOException e) {
      throw new PathException("delete", path, e);
    }
    // False is also the answer for what was not there.
    if (exists(path)) {
      throw new PathException("delete", path, "the file system refused");
    }
  }
}
