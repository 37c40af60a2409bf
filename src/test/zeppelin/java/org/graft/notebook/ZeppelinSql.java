package org.graft.notebook;

import java.util.Properties;
import org.apache.zeppelin.interpreter.Interpreter;
import org.apache.zeppelin.interpreter.InterpreterContext;
import org.apache.zeppelin.interpreter.InterpreterException;
import org.apache.zeppelin.interpreter.InterpreterResult;

/** {@code %sql} for a Zeppelin server, in the session of {@link ZeppelinScala}. */
public final class ZeppelinSql extends Interpreter {
  private ZeppelinScala scala;

  public ZeppelinSql(Properties properties) {
    super(properties);
  }

  @Override
  public void open() throws InterpreterException {
    scala = getInterpreterInTheSameSessionByClassName(ZeppelinScala.class);
  }

  @Override
  public InterpreterResult interpret(String code, InterpreterContext context) {
    return ZeppelinScala.result(SqlInterpreter.interpret(scala.spark(), code));
  }

  @Override
  public void cancel(InterpreterContext context) {
    scala.cancel(context);
  }

  /** Zeppelin fills in forms before the code comes here. */
  @Override
  public FormType getFormType() {
    return FormType.SIMPLE;
  }

  @Override
  public int getProgress(InterpreterContext context) {
    return 0;
  }

  @Override
  public void close() {}
}
