package org.graft.weights;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.graft.common.ProtoMessage;
import org.graft.common.UserError;

/** A weight file, read in slices; offsets are in bytes and may pass 2 GB. */
final class TensorFile implements ByteRun, AutoCloseable {
  /** The longest float[] that every JVM gives. */
  static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** Bytes read at a time. */
  static final int CHUNK = 1 << 20;

  private static final int LONGEST_REASON = 500;

  private final Path path;
  private final FileChannel channel;
  private final long size;

  private TensorFile(Path path, FileChannel channel, long size) {
    this.path = path;
    this.channel = channel;
    this.size = size;
  }

  /**
   * @throws UserError if there is no such file
   */
  static TensorFile open(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new UserError("Cannot read weights from %s: there is no such file.".formatted(path));
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    return new TensorFile(path, channel, channel.size());
  }

  Path path() {
    return path;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public ByteBuffer read(long offset, ByteBuffer into) throws IOException {
    int start = into.position();
    while (into.hasRemaining()) {
      if (channel.read(into, offset + into.position() - start) < 0) {
        throw new EOFException(path + " ends before byte " + (offset + into.limit() - start));
      }
    }
    return into.position(start).order(ByteOrder.LITTLE_ENDIAN);
  }

  ByteBuffer bytes(long offset, int length) throws IOException {
    if (!holds(offset, length)) {
      throw damaged("it ends early (%d bytes, needed %d)", size, offset + length);
    }
    return read(offset, ByteBuffer.allocate(length));
  }

  /** A part of the file, little-endian: mapped, so that only what is looked at is read. */
  ByteBuffer map(long offset, long length) throws IOException {
    if (!holds(offset, length) || length > Integer.MAX_VALUE) {
      throw damaged("%d bytes from byte %d on cannot be read (file: %d)", length, offset, size);
    }
    ByteBuffer bytes =
        length <= CHUNK // a mapping costs more than that, and lives until the collector finds it
            ? read(offset, ByteBuffer.allocate((int) length))
            : channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
    return bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What the user hears about a file that breaks its own format. */
  UserError damaged(String why, Object... args) {
    return new UserError(
        "Cannot read weights from %s: %s. The file is damaged; fetch or write it again."
            .formatted(path, brief(why.formatted(args))));
  }

  /** Bytes of the file as a protobuf message. */
  ProtoMessage message(ByteBuffer bytes) {
    return new ProtoMessage(bytes, why -> damaged("%s", why));
  }

  /** The next number of {@code bytes}, seven bits a byte. */
  long varint(ByteBuffer bytes) {
    return ProtoMessage.varint(bytes, why -> damaged("%s", why));
  }

  /** What the user hears about a sound file that we do not read. */
  UserError unsupported(String why, String remedy) {
    return new UserError("Cannot read weights from %s: %s. %s".formatted(path, brief(why), remedy));
  }

  /** Names in a hostile file may be megabytes long. */
  private static String brief(String text) {
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
