package org.graft.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.graft.common.Storage;

/** Files in memory. */
public class MemoryStorage implements Storage {
  private final SortedMap<String, byte[]> files = new TreeMap<>();

  public SortedMap<String, byte[]> files() {
    return files;
  }

  public MemoryStorage copy() {
    MemoryStorage copy = new MemoryStorage();
    copy.files.putAll(files);
    return copy;
  }

  @Override
  public InputStream open(String path) throws IOException {
    byte[] bytes = files.get(path);
    if (bytes == null) {
      throw new FileNotFoundException(path);
    }
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public Entry entry(String path) throws IOException {
    return new Entry(path, open(path).readAllBytes().length, 0);
  }

  @Override
  public boolean exists(String path) {
    return files.containsKey(path) || isFolder(path);
  }

  @Override
  public boolean isFolder(String path) {
    return !below(path).isEmpty();
  }

  @Override
  public List<Entry> list(String folder) {
    return below(folder).entrySet().stream()
        .map(file -> new Entry(file.getKey(), file.getValue().length, 0))
        .toList();
  }

  @Override
  public List<String> folders(String folder) {
    return below(folder).keySet().stream()
        .map(path -> path.substring(folder.length() + 1))
        .filter(rest -> rest.contains("/"))
        .map(rest -> rest.substring(0, rest.indexOf('/')))
        .distinct()
        .toList();
  }

  private Map<String, byte[]> below(String folder) {
    return files.subMap(folder + "/", folder + "0"); // '0' follows '/'
  }

  @Override
  public PendingFile create(String path) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return new PendingFile() {
      @Override
      public OutputStream out() {
        return out;
      }

      @Override
      public void commit() {
        files.put(path, out.toByteArray());
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void delete(String path) {
    files.keySet().removeIf(file -> file.equals(path) || file.startsWith(path + "/"));
  }
}
