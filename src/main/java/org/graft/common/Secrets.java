package org.graft.common;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes out of texts what only its owner should know, before they are printed or kept: who and
 * password of URIs, values of names like {@code fs.s3a.secret.key=} and {@code ?token=}, and,
 * wherever they stand, the values of environment variables with such names. It knows secrets by how
 * they are named, not by how they look.
 *
 * @param values of the environment's secrets, longest first
 */
public record Secrets(List<String> values) {
  private static final String HIDDEN = "***";

  /** Less would be found in harmless texts. */
  private static final int SHORTEST = 6;

  private static final Pattern VARIABLE =
      Pattern.compile(
          "(?i).*(secret|passw|token|credential|(access|api|private|account)_?key).*(?<!_(file|path|dir))");

  /**
   * After {@code //}: a name and a password, in which a slash may stand, but no port; or a name.
   */
  private static final Pattern USER =
      Pattern.compile(
          "(?<=://)([^\\s/?#@:'\"]*:(?![0-9]{1,5}(?:[/?#]|$))[^\\s@'\"<>]+|[^\\s/?#@'\"<>]+)@");

  private static final String WORDS =
      "secret|password|passwd|credentials?|signature|(?:access|api|private|account)[._-]?key(?:id)?";

  /** In settings and queries; as JSON only without "token", of which texts have others. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)((?:[\\w.-]*(?:token|%1$s)(?![a-z])[\\w.-]*|[?&](?:sig|key|pass|pwd))\\s*=\\s*\"?|[\\w.-]*(?:%1$s)(?![a-z])[\\w.-]*\"\\s*:\\s*\")[^\\s&,;\"'}\\]]+"
              .formatted(WORDS));

  /**
   * @param environment usually {@link System#getenv()}
   */
  public static Secrets of(Map<String, String> environment) {
    return new Secrets(
        environment.entrySet().stream()
            .filter(variable -> VARIABLE.matcher(variable.getKey()).matches())
            .map(Map.Entry::getValue)
            .filter(value -> value.length() >= SHORTEST)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList());
  }

  /** Whether the URI of a file system holds a password. */
  public static boolean hasPassword(String uri) {
    return !uri.matches("(?is)https?:.*")
        && USER.matcher(uri).results().anyMatch(match -> match.group(1).contains(":"));
  }

  /** Null stays null. */
  public String hide(String text) {
    if (text == null) {
      return null;
    }
    String plain = text;
    for (String value : values) {
      plain = plain.replace(value, HIDDEN);
    }
    plain = USER.matcher(plain).replaceAll(HIDDEN + "@");
    return NAMED.matcher(plain).replaceAll("$1" + HIDDEN);
  }

  /** Of a configuration: texts, also those in lists, are what could hold any. */
  public Object hide(Object value) {
    if (value instanceof List<?> several) {
      return several.stream().map(this::hide).toList();
    }
    return value instanceof String text ? hide(text) : value;
  }

  /** Prints to {@code to} line by line, or what there is of a line when it is flushed. */
  public PrintStream guard(PrintStream to) {
    return new PrintStream(new Lines(this, to), false, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return values.size() + " secrets";
  }

  private static final class Lines extends OutputStream {
    private final Secrets secrets;
    private final PrintStream to;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(Secrets secrets, PrintStream to) {
      this.secrets = secrets;
      this.to = to;
    }

    @Override
    public void write(int b) {
      line.write(b);
      if (b == '\n' || b == '\r') {
        flush();
      }
    }

    @Override
    public void flush() {
      to.print(secrets.hide(line.toString(StandardCharsets.UTF_8)));
      line.reset();
      to.flush();
    }

    /** {@code to} stays open. */
    @Override
    public void close() {
      flush();
    }
  }
}
