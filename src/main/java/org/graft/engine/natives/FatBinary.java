package org.graft.engine.natives;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.graft.common.UserError;

/**
 * Machine code for several makes of card, as NVIDIA's compiler puts it into a library's {@code
 * .nv_fatbin}: regions one behind the other, each a header and entries of one make each. The layout
 * was read off such libraries and agrees with {@code cuobjdump} and with n-eiling's {@code
 * cuda-fatbin-decompression} (fatbin-decompress.h); see decision 67.
 *
 * @param section all regions; thinned in place
 * @param name of the library, for messages
 */
record FatBinary(ByteBuffer section, String name) {
  private static final int MAGIC = 0xba55ed50;
  private static final int VERSION = 1;
  private static final int HEADER = 16;
  private static final int LEAST_ENTRY = 64;
  private static final int MACHINE_CODE = 2;

  /** Set where code is for exactly that make, as {@code sm_90a} is. */
  private static final long EXACT = 1 << 20;

  /** One make's code; positions in the section, size with its own header. */
  private record Entry(int position, int size, int kind, int level, boolean exact) {
    /** Code runs on later cards of the same first number, unless it is for one make only. */
    boolean runsOn(int card) {
      return kind == MACHINE_CODE
          && (exact ? level == card : level / 10 == card / 10 && level <= card);
    }
  }

  /**
   * What came of it.
   *
   * @param regions all of them
   * @param without those that had no code for the card, and keep their smallest entry
   * @param kept bytes of code for the card
   * @param all bytes of code before
   */
  record Thinned(int regions, int without, long kept, long all) {}

  /**
   * Leaves in each region what that card runs, moved to the front, and zeros behind: a region stays
   * where it is, because the library's own code points there.
   *
   * @param card compute capability, ten times
   * @throws UserError if nothing runs on it, or the section is not as known; it may be changed
   *     halfway then
   */
  Thinned thin(int card) {
    TreeSet<Integer> levels = new TreeSet<>();
    int regions = 0;
    int without = 0;
    long all = 0;
    long kept = 0;
    for (int region = next(0); region < section.capacity(); ) {
      int end = end(region);
      List<Entry> entries = entries(region + HEADER, end);
      List<Entry> fitting = entries.stream().filter(entry -> entry.runsOn(card)).toList();
      entries.forEach(entry -> levels.add(entry.level()));
      all += bytes(entries);
      kept += bytes(fitting);
      regions++;
      without += fitting.isEmpty() ? 1 : 0;
      keep(region, end, fitting.isEmpty() ? smallest(entries) : fitting);
      region = next(end);
    }
    if (kept == 0) {
      throw new UserError(
          "Cannot thin %s for compute capability %s: it has no code for it (it has %s). Give --arch one that it has, or an older one of the same first number."
              .formatted(
                  name,
                  text(card),
                  levels.stream().map(FatBinary::text).collect(Collectors.joining(", "))));
    }
    return new Thinned(regions, without, kept, all);
  }

  /** Behind zeros, which align regions or are what was thinned before. */
  private int next(int from) {
    int at = from;
    while (at + HEADER <= section.capacity() && section.getLong(at) == 0) {
      at += Long.BYTES;
    }
    return section.capacity() - at < HEADER && isZero(at) ? section.capacity() : at;
  }

  private boolean isZero(int from) {
    for (int i = from; i < section.capacity(); i++) {
      if (section.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private int end(int region) {
    if (region + HEADER > section.capacity()
        || section.getInt(region) != MAGIC
        || section.getShort(region + 4) != VERSION
        || section.getShort(region + 6) != HEADER) {
      throw unknown(region);
    }
    return within(region, HEADER, section.getLong(region + 8), section.capacity());
  }

  private List<Entry> entries(int from, int end) {
    List<Entry> entries = new ArrayList<>();
    for (int at = from; at < end; ) {
      if (at + LEAST_ENTRY > end || section.getInt(at + 4) < LEAST_ENTRY) {
        throw unknown(at);
      }
      int next = within(at, section.getInt(at + 4), section.getLong(at + 8), end);
      boolean exact = (section.getLong(at + 40) & EXACT) != 0;
      entries.add(new Entry(at, next - at, section.getShort(at), section.getInt(at + 28), exact));
      at = next;
    }
    return entries;
  }

  private int within(int at, int header, long payload, int limit) {
    if (payload < 0 || payload > limit - (long) at - header) {
      throw unknown(at);
    }
    return (int) (at + header + payload);
  }

  /** Some code has to stay: nobody knows what the driver makes of a region without any. */
  private static List<Entry> smallest(List<Entry> entries) {
    return entries.stream().min(Comparator.comparingInt(Entry::size)).stream().toList();
  }

  private void keep(int region, int end, List<Entry> entries) {
    int at = region + HEADER;
    for (Entry entry : entries) {
      section.put(at, section, entry.position(), entry.size()); // as memmove
      at += entry.size();
    }
    section.putLong(region + 8, at - (region + HEADER));
    Zeros.fill(section, at, end);
  }

  private static long bytes(List<Entry> entries) {
    return entries.stream().mapToLong(Entry::size).sum();
  }

  private static String text(int level) {
    return level / 10 + "." + level % 10;
  }

  private UserError unknown(int at) {
    return ElfFile.error(
        name, "at byte %d of its .nv_fatbin is nothing that is known".formatted(at));
  }
}
