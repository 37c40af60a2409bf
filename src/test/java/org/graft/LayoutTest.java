package org.graft;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/** Steps inside, engines at the edge: who may see whom. The tour is in {@code package-info}. */
@AnalyzeClasses(packages = "org.graft", importOptions = ImportOption.DoNotIncludeTests.class)
class LayoutTest {
  /** Each imports only those after it. */
  private static final List<String> CORE =
      List.of(
          "report",
          "score",
          "bundle",
          "evaluate",
          "rank",
          "inspect",
          "head",
          "feature",
          "backbone",
          "weights",
          "image",
          "text",
          "audio",
          "sample",
          "common");

  private static final String[] SPARK = {"org.apache.spark..", "org.apache.hadoop..", "scala.."};
  private static final String[] DL4J = {
    "org.deeplearning4j..", "org.nd4j..", "org.bytedeco..", "onnx.."
  };
  private static final String ONNX_RUNTIME = "ai.onnxruntime..";

  @ArchTest
  static void coreSeesOnlyTheJdkAndWhatIsBelowIt(JavaClasses classes) {
    for (int i = 0; i < CORE.size() - 1; i++) { // common has a rule of its own
      String[] allowed =
          Stream.concat(
                  Stream.of("java..", "org.slf4j.."),
                  CORE.subList(i, CORE.size()).stream().map(name -> "org.graft." + name + ".."))
              .toArray(String[]::new);
      classes()
          .that()
          .resideInAPackage("org.graft." + CORE.get(i) + "..")
          .should()
          .onlyDependOnClassesThat(
              // ImageIO is the JDK's own codec
              resideInAnyPackage(allowed).or(resideInAnyPackage("javax.imageio..")))
          .because("the core is plain Java, in reading order: " + CORE)
          .check(classes);
    }
  }

  @ArchTest
  static final ArchRule JACKSON_ONLY_IN_COMMON_AND_CONFIG =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.graft.common..", "org.graft.job..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule COMMON_SEES_NO_OTHER_PACKAGE =
      classes()
          .that()
          .resideInAPackage("org.graft.common..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "java..", "org.slf4j..", "com.fasterxml.jackson..", "org.graft.common.."));

  @ArchTest
  static final ArchRule ENGINES_NEVER_SEE_SPARK =
      noClasses()
          .that()
          .resideInAPackage("org.graft.engine..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(SPARK)
                  .or(resideInAnyPackage("org.graft.spark..", "org.graft.job..", "org.graft")));

  @ArchTest
  static final ArchRule SPARK_DOES_NO_ARITHMETIC =
      noClasses()
          .that()
          .resideInAPackage("org.graft.spark")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(DL4J)
                  .or(
                      resideInAnyPackage(
                          "org.graft.engine..",
                          "org.graft.spark.dl4j..",
                          "org.graft.spark.exact..")));

  @ArchTest
  static final ArchRule SPARK_AND_DL4J_MEET_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.graft.spark.dl4j..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("org.deeplearning4j.spark.."));

  @ArchTest
  static final ArchRule ONNX_RUNTIME_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.graft.engine.onnx..")
          .should()
          .dependOnClassesThat(resideInAnyPackage(ONNX_RUNTIME));

  @ArchTest
  static final ArchRule TOKENIZERS_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.graft.engine.tokenizer..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("ai.djl.."));

  @ArchTest
  static final ArchRule FOREIGN_FUNCTIONS_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.graft.engine.codec..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("com.sun.jna..", "com.criteo.."));

  @ArchTest
  static final ArchRule NOTHING_BELOW_SEES_THE_JOBS =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.graft.job..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("org.graft.job.."));

  @ArchTest
  static final ArchRule ONLY_JOBS_SEE_THE_BENCH =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.graft.job..", "org.graft.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.graft.bench..");

  @ArchTest
  static final ArchRule THE_BENCH_TIMES_ENGINES_FROM_OUTSIDE =
      noClasses()
          .that()
          .resideInAPackage("org.graft.bench..")
          .should()
          .dependOnClassesThat(resideInAnyPackage(DL4J).or(resideInAnyPackage(ONNX_RUNTIME)));

  @ArchTest
  static final ArchRule JOBS_GO_THROUGH_THE_FRONT_DOOR =
      noClasses()
          .that()
          .resideInAPackage("org.graft.job..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "org.graft.engine..", "org.graft.spark.dl4j..", "org.graft.spark.exact..")
                  .or(resideInAnyPackage(DL4J)));

  @ArchTest
  static final ArchRule NO_JAVA_DESERIALISATION =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(java.io.ObjectInputStream.class)
          .because("bytes that are not our own are never trusted");

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      noClasses()
          .should()
          .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)")
          .orShould()
          .haveSimpleNameStartingWith("Base")
          .because("such names say nothing");
}
