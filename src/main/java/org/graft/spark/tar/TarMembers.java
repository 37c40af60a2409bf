package org.graft.spark.tar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.graft.common.Storage;
import org.graft.common.UserError;

/**
 * The files in a tar shard (USTAR, PAX or GNU), one after the other, in one pass. Folders and
 * devices are passed over. A shard that is damaged or was cut short is a {@link UserError} that
 * names shard and byte: how many samples the damage took nobody can tell, so none are left out in
 * silence.
 */
public final class TarMembers implements AutoCloseable {
  /** Of one member, with its PAX records or long name. */
  private static final long MOST_HEADER_BYTES = 1 << 20;

  private final String shard;
  private final long length;
  private final HeaderBudget in;
  private final Tar tar;

  /**
   * A file in a shard.
   *
   * @param name as it stands there, never used as a path
   * @param offset of its first byte in the shard
   * @param link whether it has no bytes of its own, but points to another file
   */
  public record Member(String name, long offset, long length, boolean link) {}

  /**
   * @param length of the shard as the listing says
   */
  public TarMembers(Storage storage, String shard, long length) throws IOException {
    this.shard = shard;
    this.length = length;
    in = new HeaderBudget(storage.open(shard));
    tar = new Tar(in);
  }

  /** The next file, or null after the last. */
  public Member next() throws IOException {
    in.allow(MOST_HEADER_BYTES);
    long begin = in.position();
    try {
      TarArchiveEntry entry = tar.getNextTarEntry();
      while (entry != null && !isFile(entry)) {
        in.allow(MOST_HEADER_BYTES);
        entry = tar.getNextTarEntry();
      }
      if (entry == null) {
        if (tar.endedEarly) {
          throw damaged(in.position(), "it ends without tar's end mark, so it was cut short", null);
        }
        return null;
      }
      return member(entry);
    } catch (IOException | RuntimeException e) { // the library throws many kinds for damaged ones
      if (e instanceof UserError) {
        throw e;
      }
      throw failed(begin, e);
    }
  }

  private static boolean isFile(TarArchiveEntry entry) {
    return !entry.isDirectory()
        && !entry.isFIFO()
        && !entry.isBlockDevice()
        && !entry.isCharacterDevice();
  }

  private Member member(TarArchiveEntry entry) {
    boolean link = entry.isLink() || entry.isSymbolicLink();
    if (!entry.isCheckSumOK()) {
      throw damaged(in.position() - tar.getRecordSize(), "a header's checksum is wrong", null);
    }
    if (entry.isSparse()) {
      throw damaged(
          in.position(),
          "'%s' is a sparse file, which is not stored in one piece".formatted(entry.getName()),
          null);
    }
    long size = link ? 0 : entry.getSize();
    if (size < 0 || in.position() + size > length) {
      throw damaged(
          in.position(),
          "'%s' should have %d bytes, but the shard has only %d in all: it was cut short"
              .formatted(entry.getName(), size, length),
          null);
    }
    return new Member(entry.getName(), in.position(), size, link);
  }

  /** The bytes of the member that {@link #next} gave last; its length must be within limits. */
  public byte[] content(Member member) throws IOException {
    in.allow(member.length());
    try {
      byte[] bytes = tar.readNBytes((int) member.length());
      if (bytes.length < member.length()) {
        throw damaged(in.position(), "it was cut short", null);
      }
      return bytes;
    } catch (IOException e) {
      throw failed(member.offset(), e);
    }
  }

  private RuntimeException failed(long offset, Exception e) throws IOException {
    if (in.failure() != null) {
      throw in.failure();
    }
    return damaged(offset, e.getMessage() == null ? e.toString() : e.getMessage(), e);
  }

  /** What to say of a shard that is gzip's. */
  public static UserError compressed(String shard) {
    return new UserError(
        "Cannot read shard %s: it is compressed, so a picture in it cannot be reached without reading all that stand before it. Unpack it with gunzip and use the .tar; pictures hardly get smaller by compression."
            .formatted(shard));
  }

  private UserError damaged(long offset, String why, Exception cause) {
    if (in.isGzip()) {
      return compressed(shard);
    }
    return new UserError(
        "Cannot read shard %s: at byte %d it is damaged (%s). Fetch or pack it again, or take it out of the source."
            .formatted(shard, offset, why),
        cause);
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  /** Knows whether the end was marked, as it is by two blocks of zeros. */
  private static final class Tar extends TarArchiveInputStream {
    private boolean endedEarly;

    Tar(InputStream in) {
      super(in, StandardCharsets.UTF_8.name());
    }

    @Override
    protected boolean isEOFRecord(byte[] record) {
      endedEarly = record == null;
      return super.isEOFRecord(record);
    }
  }
}
