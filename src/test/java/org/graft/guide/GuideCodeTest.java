package org.graft.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.spark.sql.execution.SparkSqlParser;
import org.graft.notebook.ScalaInterpreter;
import org.graft.notebook.ScalaInterpreter.Interpreted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code in the pages compiles. */
class GuideCodeTest {
  private static final Predicate<String> IMPORT = line -> line.startsWith("import ");

  @TempDir Path folder;

  private static List<Block> blocks(String language) throws IOException {
    return GuidePage.all().stream()
        .flatMap(page -> page.blocks().stream())
        .filter(block -> block.language().equals(language) && !block.isUnchecked())
        .toList();
  }

  private static String lines(Block block, Predicate<String> wanted) {
    return block.text().lines().filter(wanted).collect(Collectors.joining("\n"));
  }

  @Test
  void javaCompiles() throws IOException {
    List<String> problems = new ArrayList<>();
    List<Block> blocks = blocks("java");
    for (int i = 0; i < blocks.size(); i++) {
      Path file = folder.resolve("Snippet" + i + ".java");
      Files.writeString(
          file,
          "%s\nclass Snippet%d { void run(%s) throws Exception {\n%s\n} }\n"
              .formatted(
                  lines(blocks.get(i), IMPORT),
                  i,
                  blocks.get(i).mark("given"),
                  lines(blocks.get(i), IMPORT.negate())));
      String problem = compile(file);
      if (!problem.isEmpty()) {
        problems.add(blocks.get(i).where() + "\n" + problem);
      }
    }
    assertEquals("", String.join("\n", problems));
  }

  private String compile(Path file) {
    StringWriter said = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var files = compiler.getStandardFileManager(null, null, null);
    List<String> options =
        List.of(
            "-proc:none",
            "-classpath",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString());
    boolean well =
        compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file)).call();
    return well ? "" : said.toString();
  }

  @Test
  void scalaCompiles() throws IOException {
    List<String> problems = new ArrayList<>();
    try (ScalaInterpreter scala = new ScalaInterpreter(folder)) {
      for (Block block : blocks("scala")) {
        Interpreted done =
            scala.interpret(
                "class Snippet { def run(%s): Unit = {\n%s\n} }"
                    .formatted(block.mark("given"), block.text()));
        if (!done.well()) {
          problems.add(block.where() + "\n" + done.output());
        }
      }
    }
    assertEquals("", String.join("\n", problems));
  }

  /** What it does is looked at by {@code GuidePythonIT}. */
  @Test
  void pythonCompiles() throws IOException, InterruptedException {
    assumeTrue(hasPython(), "no python3 on the PATH");
    List<String> command = new ArrayList<>(List.of("python3", "-m", "py_compile"));
    for (Block block : blocks("python")) {
      Path file = folder.resolve(block.page().name() + "_" + block.line() + ".py");
      Files.writeString(file, block.text());
      command.add(file.toString());
    }
    assertTrue(command.size() > 6, "where are they?");
    assertEquals("", said(command));
  }

  private static boolean hasPython() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
  }

  private static String said(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    return status == 0 ? said : status + ": " + said;
  }

  @Test
  void sqlParses() throws IOException {
    for (Block block : blocks("sql")) {
      for (String statement : block.text().split(";\\s*\\n", -1)) {
        if (!statement.isBlank()) {
          parse(block, statement);
        }
      }
    }
  }

  private static void parse(Block block, String statement) {
    try {
      new SparkSqlParser().parsePlan(statement);
    } catch (Exception e) { // Spark throws checked ones that Java does not see
      throw new AssertionError(block.where(), e);
    }
  }
}
