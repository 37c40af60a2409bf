package org.graft.notebook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.spark.sql.SparkSession;
import org.apache.zeppelin.interpreter.Interpreter;
import org.apache.zeppelin.interpreter.InterpreterContext;
import org.apache.zeppelin.interpreter.InterpreterException;
import org.apache.zeppelin.interpreter.InterpreterResult;
import org.apache.zeppelin.interpreter.InterpreterResult.Code;
import org.graft.notebook.ScalaInterpreter.Interpreted;

/**
 * {@code %spark} for a Zeppelin server, in place of Zeppelin's own, whose Scala half nobody
 * published.
 */
public final class ZeppelinScala extends Interpreter {
  private SparkSession spark;
  private ScalaInterpreter scala;

  public ZeppelinScala(Properties properties) {
    super(properties);
  }

  @Override
  public void open() throws InterpreterException {
    try {
      Path classes = Files.createDirectories(Path.of(System.getProperty("graft.classes")));
      spark =
          SparkSession.builder()
              .appName("Zeppelin")
              .config("spark.repl.class.outputDir", classes.toString())
              .getOrCreate();
      scala = ScalaInterpreter.of(spark, classes);
    } catch (IOException e) {
      throw new InterpreterException(e);
    }
  }

  SparkSession spark() {
    return spark;
  }

  @Override
  public InterpreterResult interpret(String code, InterpreterContext context) {
    return result(scala.interpret(code));
  }

  static InterpreterResult result(Interpreted done) {
    return new InterpreterResult(done.well() ? Code.SUCCESS : Code.ERROR, done.output());
  }

  @Override
  public void cancel(InterpreterContext context) {
    spark.sparkContext().cancelAllJobs();
  }

  @Override
  public FormType getFormType() {
    return FormType.NATIVE;
  }

  @Override
  public int getProgress(InterpreterContext context) {
    return 0;
  }

  @Override
  public void close() throws InterpreterException {
    if (scala == null) {
      return;
    }
    try {
      scala.close();
    } catch (IOException e) {
      throw new InterpreterException(e);
    } finally {
      spark.stop();
    }
  }
}
