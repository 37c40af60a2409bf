package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.graft.common.UserError;

/**
 * Damages sound files in many ways; a reader may refuse them with a {@link UserError}, or read
 * them, but nothing else, within bounds of memory and time. {@code -Dgraft.fuzz=N} sets how many
 * are made.
 */
public final class Mutations {
  /** All that one reading may allocate, peaks and garbage together; the files have some kB. */
  private static final long MOST_ALLOCATED = 16L << 20;

  private static final long MOST_NANOSECONDS = 5_000_000_000L;
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Map<String, byte[]> sound = new TreeMap<>();
  private BiFunction<byte[], byte[], byte[]> repair = (damaged, whole) -> damaged;
  private int count = 5000;
  private long mostAllocated;

  private Mutations() {}

  /** What opens a file of the format under test. */
  public interface Opener {
    Tensors open(Path path) throws IOException;
  }

  /** What reads all of a file of the format under test. */
  public interface Reading {
    void read(Path path) throws IOException;
  }

  /**
   * @param path of a file, or of a folder whose files, and those in folders below it, are damaged
   *     one at a time
   */
  public static Mutations of(Path path) throws IOException {
    Mutations mutations = new Mutations();
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = path.equals(file) ? "damaged" : path.relativize(file).toString();
        mutations.sound.put(name, Files.readAllBytes(file));
      }
    }
    return mutations;
  }

  /** For readers that take long: fewer than the usual five thousand. */
  public Mutations times(int fewer) {
    count = fewer;
    return this;
  }

  /** Mends checksums of a damaged file, given it and the sound one, so that damage goes deeper. */
  public Mutations repaired(BiFunction<byte[], byte[], byte[]> repairing) {
    repair = repairing;
    return this;
  }

  /** Opens the file of {@link #of} and reads every tensor. */
  public void survive(Path scratch, Opener opener) throws IOException {
    survive(scratch, "damaged", opener);
  }

  /**
   * @param opened the name of the file to open, in the folder
   */
  public void survive(Path scratch, String opened, Opener opener) throws IOException {
    surviveReading(
        scratch,
        opened,
        path -> {
          try (Tensors tensors = opener.open(path)) {
            for (String name : tensors.names()) {
              tensors.shape(name);
              tensors.read(name);
            }
          }
        });
  }

  /** Writes damaged copies below {@code scratch} and reads each. */
  public void surviveReading(Path scratch, String opened, Reading reading) throws IOException {
    for (Map.Entry<String, byte[]> file : sound.entrySet()) {
      Files.createDirectories(scratch.resolve(file.getKey()).getParent());
      Files.write(scratch.resolve(file.getKey()), file.getValue());
    }
    List<String> names = new ArrayList<>(sound.keySet());
    Path path = scratch.resolve(opened).normalize();
    assertTrue(read(path, reading, "the sound file"), "the sound file is refused");
    int most = Integer.getInteger("graft.fuzz", count);
    int refused = 0;
    String last = names.get(0);
    for (int i = 0; i < most; i++) {
      SplittableRandom random = new SplittableRandom(i);
      String name = names.get(random.nextInt(names.size()));
      if (!name.equals(last)) {
        overwrite(scratch.resolve(last), sound.get(last));
        last = name;
      }
      byte[] whole = sound.get(name);
      byte[] damaged = new Damage(random).of(whole);
      overwrite(
          scratch.resolve(name), random.nextInt(4) == 0 ? damaged : repair.apply(damaged, whole));
      refused += measured(path, reading, name + ", mutation " + i) ? 0 : 1;
    }
    assertTrue(refused > most / 50, refused + " of " + most + " refused");
    if (Integer.getInteger("graft.fuzz") != null) {
      System.out.printf(
          "%s: %d damaged, %d refused, at most %d kB allocated%n",
          opened, most, refused, mostAllocated >> 10);
    }
  }

  /** Some file systems bring a file to the disk at once where it was first cut to nothing. */
  private static void overwrite(Path path, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), 0);
      channel.truncate(bytes.length);
    }
  }

  /** Whether it is read; fails on anything but a refusal. */
  private static boolean read(Path path, Reading reading, String what) {
    try {
      reading.read(path);
      return true;
    } catch (UserError e) {
      return false;
    } catch (Exception | Error e) {
      return fail(what + " threw " + e, e);
    }
  }

  /** As above, and fails where it takes too much. */
  private boolean measured(Path path, Reading reading, String what) {
    long start = THREAD.getCurrentThreadCpuTime();
    long before = THREAD.getCurrentThreadAllocatedBytes();
    boolean isRead = read(path, reading, what);
    long bytes = THREAD.getCurrentThreadAllocatedBytes() - before;
    if (bytes > MOST_ALLOCATED) { // classes loaded on the way count too, but only once
      before = THREAD.getCurrentThreadAllocatedBytes();
      read(path, reading, what);
      bytes = THREAD.getCurrentThreadAllocatedBytes() - before;
    }
    long nanoseconds = THREAD.getCurrentThreadCpuTime() - start;
    mostAllocated = Math.max(mostAllocated, bytes);
    assertTrue(bytes <= MOST_ALLOCATED, what + " allocated " + bytes + " bytes");
    assertTrue(nanoseconds < MOST_NANOSECONDS, what + " took " + nanoseconds + " ns");
    return isRead;
  }
}
