package org.graft.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the guide, or the README. */
public record GuidePage(Path file, List<String> lines) {
  private static final Path GUIDE = Path.of("src/site/markdown");
  private static final Pattern FENCE = Pattern.compile("(\\s*`{3,})(\\S*)\\s*");
  private static final Pattern MARK = Pattern.compile("<!-- ([a-z]+)(?:: (.*?))? -->");
  private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

  /** README and the pages of the guide, without the records of decisions. */
  public static List<GuidePage> all() throws IOException {
    List<GuidePage> pages = new ArrayList<>(List.of(read(Path.of("README.md"))));
    pages.addAll(below(GUIDE));
    return pages;
  }

  static List<GuidePage> decisions() throws IOException {
    return below(GUIDE.resolve("decisions"));
  }

  private static List<GuidePage> below(Path folder) throws IOException {
    List<GuidePage> pages = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".md")).sorted().toList()) {
        pages.add(read(file));
      }
    }
    return pages;
  }

  private static GuidePage read(Path file) throws IOException {
    return new GuidePage(file, Files.readAllLines(file));
  }

  public String name() {
    return file.getFileName().toString();
  }

  /** Every fenced block; one that does not end is the last. */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    Map<String, String> marks = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher mark = MARK.matcher(lines.get(i).strip());
      Matcher fence = FENCE.matcher(lines.get(i));
      if (mark.matches()) {
        marks.put(mark.group(1), mark.group(2) == null ? "" : mark.group(2));
      } else if (fence.matches()) {
        int end = i + 1;
        while (end < lines.size() && !lines.get(end).stripTrailing().equals(fence.group(1))) {
          end++;
        }
        String text = String.join("\n", lines.subList(i + 1, Math.min(end, lines.size()))) + "\n";
        blocks.add(new Block(this, i + 1, fence.group(2), text, Map.copyOf(marks)));
        i = end;
      }
      if (!mark.matches()) {
        marks.clear();
      }
    }
    return blocks;
  }

  /** The lines outside of fenced blocks, each with its number. */
  private Map<Integer, String> prose() {
    Map<Integer, String> prose = new java.util.TreeMap<>();
    boolean fenced = false;
    for (int i = 0; i < lines.size(); i++) {
      if (FENCE.matcher(lines.get(i)).matches()) {
        fenced = !fenced;
      } else if (!fenced) {
        prose.put(i + 1, lines.get(i));
      }
    }
    return prose;
  }

  /** What stands between backquotes in running text; in none of them is a line's end. */
  public List<String> spans() {
    return SPAN.matcher(String.join("\n", prose().values()))
        .results()
        .map(it -> it.group(1).replaceAll("\\s*\\n\\s*", " "))
        .toList();
  }

  /** Where its links lead to. */
  List<String> links() {
    return LINK.matcher(String.join("\n", prose().values()).replaceAll("`[^`]*`", ""))
        .results()
        .map(it -> it.group(1))
        .toList();
  }

  /** What a link can name behind {@code #}: headings as GitHub writes them. */
  Set<String> anchors() {
    Set<String> anchors = new TreeSet<>();
    for (String line : prose().values()) {
      if (line.startsWith("#")) {
        anchors.add(
            line.replaceFirst("^#+ *", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'));
      }
    }
    return anchors;
  }
}
