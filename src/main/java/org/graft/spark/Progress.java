package org.graft.spark;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.graft.weights.WeightFetcher;

/** Says how far a step is: count, share, rate and time left; one line a step, to stderr. */
public final class Progress {
  private static final long EVERY_MILLIS = 1000;

  private final PrintStream out;
  private final boolean terminal;

  /**
   * @param terminal whether a line may be rewritten; otherwise each is new, and they are fewer
   */
  public Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * @param total at most; a step may end well with less
   * @param done how many of {@code total} are done, asked now and then by another thread
   */
  public Step start(String name, long total, LongSupplier done) {
    return start(name, total, done, () -> "");
  }

  /**
   * @param more to say on the same line, asked when the line is written
   */
  public Step start(String name, long total, LongSupplier done, Supplier<String> more) {
    return new Step(name, total, done, more);
  }

  /** A line that stays. */
  public void say(String name, String text) {
    out.printf("%-10s %s%n", name, text);
  }

  /** A download's progress, in kilobytes. */
  public WeightFetcher.Progress download(String name) {
    AtomicLong last = new AtomicLong(System.nanoTime());
    long begin = last.get();
    return (bytes, total) -> {
      long now = System.nanoTime();
      long before = last.get();
      if ((now - before) / 1_000_000 > EVERY_MILLIS && last.compareAndSet(before, now)) {
        out.println(line(name + " kB", bytes / 1000, total / 1000, (now - begin) / 1e9));
      }
    };
  }

  /** One step under way; closing it ends its line. */
  public final class Step implements AutoCloseable {
    private final String name;
    private final long total;
    private final LongSupplier done;
    private final Supplier<String> more;
    private final long begin = System.nanoTime();
    private final Thread reporter;
    private volatile boolean whole;
    private long reported = -1;

    private Step(String name, long total, LongSupplier done, Supplier<String> more) {
      this.name = name;
      this.total = total;
      this.done = done;
      this.more = more;
      this.reporter = new Thread(this::report, "graft-progress");
      reporter.setDaemon(true);
      reporter.start();
    }

    /** The step has ended well: the line says so. */
    public void done() {
      whole = true;
    }

    @Override
    public void close() {
      reporter.interrupt();
      try {
        reporter.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      long end = done.getAsLong();
      print(end, whole ? end : total);
      if (terminal) {
        out.println();
      }
    }

    private void report() {
      try {
        while (true) {
          Thread.sleep(terminal ? EVERY_MILLIS : 5 * EVERY_MILLIS);
          long now = done.getAsLong();
          if (now < total && (terminal || now != reported)) {
            print(now, total);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // closed
      }
    }

    private void print(long now, long all) {
      reported = now;
      String line = line(name, now, all, (System.nanoTime() - begin) / 1e9) + more.get();
      out.print(terminal ? "\r" + line + "\u001b[K" : line + System.lineSeparator());
      out.flush();
    }
  }

  /** "extract 128/700 18 % 23.1/s 0:25 left". */
  static String line(String name, long now, long total, double seconds) {
    double rate = seconds > 0 ? now / seconds : 0;
    String left =
        now >= total
            ? "in " + clock(seconds)
            : now == 0 ? "" : clock((total - now) / rate) + " left";
    return String.format(
        Locale.ROOT,
        "%-10s %7d/%d  %3d %%  %8.1f/s  %s",
        name,
        now,
        total,
        total == 0 ? 100 : 100 * now / total,
        rate,
        left);
  }

  static String clock(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }
}
