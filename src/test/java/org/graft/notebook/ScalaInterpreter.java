package org.graft.notebook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import scala.Console;
import scala.collection.JavaConverters;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;

/**
 * Scala's own interpreter, set up as spark-shell and Zeppelin do it. What is interpreted is
 * compiled into a folder that a Spark of this JVM can serve to its executors.
 */
public final class ScalaInterpreter implements AutoCloseable {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final IMain scala;
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  /** What interpreting gave: all that was written, errors as well. */
  public record Interpreted(boolean well, String output) {}

  /**
   * @param classes folder for the compiled classes: Spark's {@code spark.repl.class.outputDir}
   */
  public ScalaInterpreter(Path classes) {
    Settings settings = new Settings();
    settings.processArguments(
        list(
            "-Yrepl-class-based",
            "-Yrepl-outdir",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path")),
        true);
    scala = new IMain(settings, new PrintWriter(written, true, StandardCharsets.UTF_8));
    scala.initializeSynchronous();
    Thread.currentThread().setContextClassLoader(scala.classLoader());
  }

  void bind(String name, Class<?> type, Object value) {
    scala.beQuietDuring(() -> scala.bind(name, type.getName(), value, list("@transient")));
  }

  /** Imports and the like, which must compile and whose output nobody wants. */
  void prepare(String code) {
    Interpreted done = interpret(code);
    if (!done.well()) {
      throw new IllegalStateException(code + "\n" + done.output());
    }
  }

  public Interpreted interpret(String code) {
    written.reset();
    PrintStream out = System.out;
    PrintStream tee = new PrintStream(written, true, StandardCharsets.UTF_8);
    System.setOut(tee);
    try {
      String result = Console.withOut(tee, () -> scala.interpret(code)).toString();
      String text = written.toString(StandardCharsets.UTF_8);
      return result.equals("Incomplete")
          ? new Interpreted(false, text + "the code is not complete\n")
          : new Interpreted(result.equals("Success"), text);
    } finally {
      System.setOut(out);
    }
  }

  private static scala.collection.immutable.List<String> list(String... items) {
    return JavaConverters.asScalaBuffer(List.of(items)).toList();
  }

  @Override
  public void close() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    scala.close();
  }
}
