package org.graft.engine.natives;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.common.ExitCode;
import org.graft.common.UserError;

/**
 * Frees libraries of what one card's machine does without: code for other cards, and symbol tables
 * that only debuggers read. It becomes zeros, so that every address stays and an archive is small.
 */
public final class Thinning {
  private static final Pattern CAPABILITY = Pattern.compile("(\\d{1,3})\\.(\\d)");
  private static final List<String> TABLES = List.of(".symtab", ".strtab");

  private Thinning() {}

  /** {@code FOLDER 9.0}: all libraries of the folder, in place. */
  public static void main(String[] arguments) throws IOException {
    try {
      thin(Path.of(arguments[0]), level(arguments[1]), System.err);
    } catch (UserError e) {
      System.err.println(e.getMessage());
      System.exit(ExitCode.BAD_INPUT.status());
    }
  }

  /**
   * @param capability like {@code 9.0}
   */
  static int level(String capability) {
    Matcher is = CAPABILITY.matcher(capability);
    if (!is.matches()) {
      throw new UserError(
          "Cannot thin for compute capability '%s': it is two numbers with a dot. Give --arch as `nvidia-smi --query-gpu=compute_cap --format=csv` prints it, like 9.0."
              .formatted(capability));
    }
    return 10 * Integer.parseInt(is.group(1)) + Integer.parseInt(is.group(2));
  }

  static void thin(Path folder, int card, PrintStream told) throws IOException {
    TreeSet<Path> libraries = new TreeSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.so*")) {
      all.forEach(libraries::add);
    }
    for (Path library : libraries) {
      thinOne(library, card, told);
    }
  }

  private static void thinOne(Path library, int card, PrintStream told) throws IOException {
    String name = library.getFileName().toString();
    try (FileChannel file =
        FileChannel.open(library, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (file.size() > Integer.MAX_VALUE) {
        throw ElfFile.error(
            name, "it has %d bytes (limit %d)".formatted(file.size(), Integer.MAX_VALUE));
      }
      ElfFile elf = new ElfFile(file.map(MapMode.READ_WRITE, 0, file.size()), name);
      for (String table : TABLES) {
        elf.section(table).ifPresent(Thinning::erase);
      }
      elf.section(".nv_fatbin")
          .map(section -> new FatBinary(section, name).thin(card))
          .ifPresent(thinned -> told.println(name + ": " + text(thinned)));
    }
  }

  private static void erase(ByteBuffer table) {
    Zeros.fill(table, 0, table.capacity());
  }

  private static String text(FatBinary.Thinned thinned) {
    return String.format(
        Locale.ROOT,
        "%.1f of %.1f MB of machine code kept, %d of %d parts have none for this card",
        thinned.kept() / 1e6,
        thinned.all() / 1e6,
        thinned.without(),
        thinned.regions());
  }
}
