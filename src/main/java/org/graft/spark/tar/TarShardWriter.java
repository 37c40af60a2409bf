package org.graft.spark.tar;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.graft.common.Json;
import org.graft.image.PictureFormat;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * Writes a shard in WebDataset's layout: for each sample the picture, {@code KEY.cls} with a label
 * a line, and {@code KEY.json} where there is more to keep. Members have no owner and no time:
 * equal samples give equal bytes. Long names and letters beyond ASCII are PAX records.
 */
public final class TarShardWriter implements AutoCloseable {
  private final Tar tar;
  private final Set<String> keys = new HashSet<>();

  public TarShardWriter(OutputStream out) {
    tar = new Tar(out);
  }

  public void add(PackedSample sample) throws IOException, RejectedException {
    String kind = kind(sample);
    String key = key(sample.name(), kind);
    byte[] labels = lines(sample.labels());
    add(key + "." + kind, sample.content());
    if (labels != null) {
      add(key + ".cls", labels);
    }
    String more = more(sample, key + "." + kind);
    if (!more.equals("{}")) {
      add(key + ".json", more.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What its name says, else what its bytes are. */
  private static String kind(PackedSample sample) throws RejectedException {
    int dot = sample.name().lastIndexOf('.');
    String ending = sample.name().substring(dot + 1).toLowerCase(Locale.ROOT);
    return dot >= 0 && new MemberName("", ending).isPicture()
        ? ending
        : PictureFormat.decodable(sample.content()).name().toLowerCase(Locale.ROOT);
  }

  /** The name without its ending; a dot in it would end the key, or hide the sample. */
  private String key(String name, String kind) {
    String ending = "." + kind;
    String stem =
        name.toLowerCase(Locale.ROOT).endsWith(ending)
            ? name.substring(0, name.length() - ending.length())
            : name;
    int last = stem.lastIndexOf('/') + 1;
    String key =
        stem.substring(0, last).replaceAll("(^|/)\\.", "$1_")
            + stem.substring(last).replace('.', '_');
    String unique = key;
    for (int i = 2; !keys.add(unique); i++) { // a.jpg beside a.png
      unique = key + "~" + i;
    }
    return unique;
  }

  private static byte[] lines(List<String> labels) throws RejectedException {
    if (labels == null) {
      return null;
    }
    for (String label : labels) {
      if (label.lines().count() > 1) {
        throw new RejectedException(Reason.UNKNOWN_LABEL, "its label has a line break");
      }
    }
    return String.join("\n", labels).getBytes(StandardCharsets.UTF_8);
  }

  /** As JSON. */
  private static String more(PackedSample sample, String member) {
    Map<String, Object> more = new LinkedHashMap<>();
    if (!member.equals(sample.name())) {
      more.put("path", sample.name());
    }
    if (sample.split() != null) {
      more.put("split", sample.split());
    }
    String json = Json.line(more);
    if (sample.labels() != null || !member.contains("/")) {
      return json;
    }
    // Or its first folder would be its label. (Json leaves nulls out.)
    return "{\"label\":null" + (more.isEmpty() ? "" : ",") + json.substring(1);
  }

  private void add(String name, byte[] content) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /** Writes the end mark; the stream below is closed too. */
  @Override
  public void close() throws IOException {
    tar.close();
  }

  private static final class Tar extends TarArchiveOutputStream {
    Tar(OutputStream out) {
      super(out, StandardCharsets.UTF_8.name());
      setLongFileMode(LONGFILE_POSIX);
      setBigNumberMode(BIGNUMBER_POSIX);
      setAddPaxHeadersForNonAsciiNames(true);
    }

    /** Comes by for the PAX records too; the library gives neither an owner, but both the time. */
    @Override
    public void putArchiveEntry(ArchiveEntry given) throws IOException {
      TarArchiveEntry entry = (TarArchiveEntry) given;
      entry.setModTime(0L);
      super.putArchiveEntry(entry);
    }
  }
}
