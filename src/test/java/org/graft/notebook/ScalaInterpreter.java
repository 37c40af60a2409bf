package org.graft.notebook;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import scala.Console;
import scala.collection.JavaConverters;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;

/**
 * Scala's own interpreter, set up as spark-shell and Zeppelin do it. What is interpreted is
 * compiled into a folder that a Spark of this JVM can serve to its executors.
 */
public final class ScalaInterpreter implements AutoCloseable {
  /** As Zeppelin does before the first paragraph. */
  private static final String IMPORTS =
      """
      import org.apache.spark.SparkContext._
      import spark.implicits._
      import spark.sql
      import org.apache.spark.sql.functions._
      """;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final IMain scala;
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  /** What interpreting gave: all that was written, errors as well. */
  public record Interpreted(boolean well, String output) {}

  /**
   * @param classes folder for the compiled classes: Spark's {@code spark.repl.class.outputDir}
   */
  public ScalaInterpreter(Path classes) {
    this(classes, List.of());
  }

  /**
   * @param jars beside the JVM's class path, which the thread's class loader has already
   */
  private ScalaInterpreter(Path classes, List<String> jars) {
    Settings settings = new Settings();
    settings.embeddedDefaults(before);
    settings.processArguments(
        list(
            "-Yrepl-class-based",
            "-Yrepl-outdir",
            classes.toString(),
            "-classpath",
            classPath(jars)),
        true);
    scala = new IMain(settings, new PrintWriter(written, true, StandardCharsets.UTF_8));
    scala.initializeSynchronous();
    Thread.currentThread().setContextClassLoader(scala.classLoader());
  }

  /** One that knows {@code spark} and {@code sc}, and whose code may use the session's jars. */
  static ScalaInterpreter of(SparkSession spark, Path classes) {
    String jars = spark.sparkContext().conf().get("spark.repl.local.jars", "");
    ScalaInterpreter scala = new ScalaInterpreter(classes, List.of(jars.split(",")));
    scala.bind("spark", SparkSession.class, spark);
    scala.bind("sc", SparkContext.class, spark.sparkContext());
    scala.prepare();
    return scala;
  }

  private static String classPath(List<String> jars) {
    return Stream.concat(
            Stream.of(System.getProperty("java.class.path")),
            jars.stream()
                .filter(jar -> !jar.isEmpty())
                .map(jar -> jar.replaceFirst("^file:(//)?", "")))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void bind(String name, Class<?> type, Object value) {
    scala.beQuietDuring(() -> scala.bind(name, type.getName(), value, list("@transient")));
  }

  private void prepare() {
    Interpreted done = interpret(IMPORTS);
    if (!done.well()) {
      throw new IllegalStateException(IMPORTS + "\n" + done.output());
    }
  }

  public Interpreted interpret(String code) {
    written.reset();
    Thread.currentThread().setContextClassLoader(scala.classLoader());
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
