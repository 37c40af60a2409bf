package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.Reader;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.k8s.KubernetesDriverConf;
import org.apache.spark.deploy.k8s.KubernetesExecutorConf;
import org.apache.spark.deploy.k8s.SparkPod;
import org.apache.spark.deploy.k8s.submit.JavaMainAppResource;
import org.apache.spark.deploy.k8s.submit.KubernetesDriverBuilder;
import org.apache.spark.internal.config.package$;
import org.apache.spark.resource.ResourceProfile$;
import org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBuilder;
import org.graft.common.ExitCode;
import org.graft.testing.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/**
 * {@code submit/kubernetes}, rendered: Kubernetes' own model takes every field, Spark makes the
 * wanted pods of it, and the commands are ones that Graft has.
 */
class KubernetesFilesTest {
  private static final ObjectMapper STRICT =
      new ObjectMapper(new YAMLFactory())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(new NothingElse());

  private static final Map<String, String> IMAGE_ENVIRONMENT =
      Map.of("GRAFT_WORKER_LIB", "/opt/graft/target/lib");

  @TempDir Path folder;
  private Path rendered;

  /** The model collects fields that it does not know; here they are refused. */
  private static final class NothingElse extends JacksonAnnotationIntrospector {
    @Serial private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }

  @BeforeEach
  void render() throws Exception {
    rendered = folder.resolve("rendered");
    assertEquals("", render("IMAGE=here/graft:7", "EXECUTORS=3"));
  }

  private String render(String... values) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("submit/kubernetes/render", rendered.toString()));
    command.addAll(List.of(values));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(said.isEmpty() ? 0 : 2, process.waitFor(), said);
    return said;
  }

  private <T> T read(String name, Class<T> type) throws IOException {
    return STRICT.readValue(rendered.resolve(name).toFile(), type);
  }

  @Test
  void whatCannotBeFilledInIsRefused() throws Exception {
    assertTrue(render("EXECUTOR=3").startsWith("render: Cannot set EXECUTOR: no manifest has it."));
    assertTrue(render("hello").startsWith("render: Cannot read 'hello': write KEY=VALUE."));
    assertEquals("", render("SCHEDULE=*/5 & \\ * | *".replace("\\", "")));
    assertEquals("*/5 &  * | *", read("cronjob.yaml", CronJob.class).getSpec().getSchedule());
  }

  @Test
  void theAccountMayStartExecutors() throws IOException {
    List<JsonNode> all =
        STRICT
            .readerFor(JsonNode.class)
            .<JsonNode>readValues(rendered.resolve("account.yaml").toFile())
            .readAll();
    String account = STRICT.treeToValue(all.get(0), ServiceAccount.class).getMetadata().getName();
    Role role = STRICT.treeToValue(all.get(1), Role.class);
    RoleBinding binding = STRICT.treeToValue(all.get(2), RoleBinding.class);
    assertEquals(3, all.size());
    assertTrue(role.getRules().get(0).getResources().contains("pods"));
    assertEquals(account, binding.getSubjects().get(0).getName());
    assertEquals(role.getMetadata().getName(), binding.getRoleRef().getName());
  }

  @Test
  void theCronJobIsTheDriverAndKnowsItsExitCodes() throws Exception {
    CronJob job = read("cronjob.yaml", CronJob.class);
    assertEquals("Forbid", job.getSpec().getConcurrencyPolicy());
    PodFailurePolicyRule stop =
        job.getSpec().getJobTemplate().getSpec().getPodFailurePolicy().getRules().get(0);
    assertEquals("FailJob", stop.getAction());
    assertEquals(
        Stream.of(ExitCode.BAD_INPUT, ExitCode.GATE_MISSED, ExitCode.TOO_MANY_REJECTED)
            .map(ExitCode::status)
            .toList(),
        stop.getOnExitCodes().getValues());
    Container driver =
        job.getSpec().getJobTemplate().getSpec().getTemplate().getSpec().getContainers().get(0);
    assertEquals(stop.getOnExitCodes().getContainerName(), driver.getName());
    assertEquals("here/graft:7", driver.getImage());
    assertEquals(List.of("/bin/bash", "-c"), driver.getCommand());
    CommandInFile run =
        CommandInFile.run(
            folder,
            driver.getArgs().get(0),
            Map.of(
                "GRAFT_WORKER_LIB", "/opt/graft/target/lib",
                "POD_NAME", "pod-7",
                "POD_IP", "10.0.0.7"));
    assertRuns(run.arguments());
    assertTrue(run.arguments().given().runDate() != null);
    assertEquals("k8s://https://kubernetes.default.svc", run.option("--master"));
    assertEquals("10.0.0.7", run.setting("spark.driver.host"));
    assertEquals("pod-7", run.setting("spark.kubernetes.driver.pod.name"));
    assertEquals("/etc/graft/spark.conf", run.option("--properties-file"));
  }

  private static void assertRuns(Arguments arguments) {
    assertEquals(Verb.RUN, arguments.verb());
    assertEquals(Path.of("/etc/graft/job.yaml"), arguments.config());
    assertTrue(arguments.given().ifChanged());
  }

  /** As the guide says it for cluster mode. */
  private CommandInFile submitted() throws Exception {
    return CommandInFile.run(
        folder,
        """
        /opt/graft/submit/graft run /etc/graft/job.yaml --if-changed \
        --master k8s://https://host:6443 --deploy-mode cluster --properties-file %1$s/spark.conf \
        --conf spark.kubernetes.driver.podTemplateFile=%1$s/driver.yaml \
        --conf spark.kubernetes.executor.podTemplateFile=%1$s/executor.yaml
        """
            .formatted(rendered),
        IMAGE_ENVIRONMENT);
  }

  /** What spark-submit makes of the command and the properties file. */
  private SparkConf conf(CommandInFile command) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(rendered.resolve("spark.conf"))) {
      properties.load(in);
    }
    SparkConf conf = new SparkConf(false);
    properties.forEach((key, value) -> conf.set((String) key, (String) value));
    List<String> words = command.words();
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--conf")) {
        String[] pair = words.get(i + 1).split("=", 2);
        conf.set(pair[0], pair[1]);
      }
    }
    return conf.set("spark.driver.extraClassPath", command.option("--driver-class-path"))
        .set("spark.driver.memory", command.option("--driver-memory"))
        .set("spark.submit.deployMode", command.option("--deploy-mode"))
        .set("spark.master", command.option("--master"));
  }

  @Test
  void sparkMakesTheDriversPodOfIt() throws Exception {
    CommandInFile command = submitted();
    assertRuns(command.arguments());
    assertTrue(command.words().contains("local:///opt/graft/target/lib/graft.jar"));
    KubernetesDriverConf conf =
        new KubernetesDriverConf(
            conf(command),
            "app-7",
            new JavaMainAppResource(Option.apply("local:///opt/graft/target/lib/graft.jar")),
            "org.graft.job.Main",
            new String[] {"run", "/etc/graft/job.yaml"},
            Option.empty());
    try (KubernetesClient client = client()) {
      var made = new KubernetesDriverBuilder().buildFromFeatures(conf, client).pod();
      Container driver = made.container();
      assertEquals("spark-kubernetes-driver", driver.getName());
      assertEquals("here/graft:7", driver.getImage());
      assertEquals("graft", made.pod().getSpec().getServiceAccountName());
      assertEquals("graft", conf.namespace());
      assertTrue(
          driver.getVolumeMounts().stream().anyMatch(m -> m.getMountPath().equals("/etc/graft")));
      assertTrue(
          made.pod().getSpec().getVolumes().stream()
              .anyMatch(
                  v ->
                      v.getConfigMap() != null
                          && v.getConfigMap().getName().equals("graft-nightly")));
      assertEquals("1", environment(driver, "OMP_NUM_THREADS"));
      assertEquals(false, driver.getSecurityContext().getAllowPrivilegeEscalation());
    }
  }

  private SparkPod executor() throws Exception {
    SparkConf settings =
        conf(submitted()).set("spark.driver.host", "10.0.0.7").set("spark.driver.port", "7078");
    KubernetesExecutorConf conf =
        new KubernetesExecutorConf(settings, "app-7", "1", Option.empty(), 0);
    ResourceProfile$.MODULE$.clearDefaultProfile();
    try (KubernetesClient client = client()) {
      return new KubernetesExecutorBuilder()
          .buildFromFeatures(
              conf,
              new SecurityManager(settings, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE()),
              client,
              ResourceProfile$.MODULE$.getOrCreateDefaultProfile(settings))
          .pod();
    }
  }

  @Test
  void executorsGetCardsIfTheValuesSaySo() throws Exception {
    Map<String, Quantity> none = executor().container().getResources().getLimits();
    assertFalse(none.containsKey("nvidia.com/gpu"), none::toString);
    assertEquals("", render("EXECUTOR_GPUS=2"));
    Container executor = executor().container();
    assertEquals("2", executor.getResources().getLimits().get("nvidia.com/gpu").getAmount());
    assertEquals("PCI_BUS_ID", environment(executor, "CUDA_DEVICE_ORDER"));
    String script = "/opt/graft/submit/discover-gpus.sh"; // where the image has it
    assertEquals(script, conf(submitted()).get("spark.executor.resource.gpu.discoveryScript"));
    assertTrue(Files.isExecutable(Path.of("submit/discover-gpus.sh")));
    JsonNode operators = read("sparkapplication.yaml", JsonNode.class).at("/spec/sparkConf");
    for (String key : List.of("amount", "vendor", "discoveryScript")) {
      String name = "spark.executor.resource.gpu." + key;
      assertEquals(conf(submitted()).get(name), operators.path(name).asText());
    }
  }

  @Test
  void sparkMakesTheExecutorsPodsOfIt() throws Exception {
    SparkPod made = executor();
    Container executor = made.container();
    assertEquals("spark-kubernetes-executor", executor.getName());
    assertEquals("here/graft:7", executor.getImage());
    assertEquals("/opt/graft/target/lib/*", environment(executor, "SPARK_CLASSPATH"));
    assertEquals("1", environment(executor, "OMP_NUM_THREADS"));
    assertEquals("7168", executor.getResources().getLimits().get("memory").getAmount());
    assertEquals(true, made.pod().getSpec().getSecurityContext().getRunAsNonRoot());
  }

  private static KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(
            new io.fabric8.kubernetes.client.ConfigBuilder().withMasterUrl("https://host").build())
        .build();
  }

  private static String environment(Container container, String name) {
    return container.getEnv().stream()
        .filter(variable -> variable.getName().equals(name))
        .map(variable -> variable.getValue())
        .findFirst()
        .orElse(null);
  }

  @Test
  void theOperatorsFormsSayTheSame() throws Exception {
    JsonNode once = read("sparkapplication.yaml", JsonNode.class).required("spec");
    JsonNode nightly = read("scheduledsparkapplication.yaml", JsonNode.class).required("spec");
    assertEquals(once, nightly.required("template"));
    assertEquals("Forbid", nightly.required("concurrencyPolicy").asText());
    List<String> words = new ArrayList<>();
    once.required("arguments").forEach(word -> words.add(word.asText()));
    assertRuns(Arguments.parse(words.toArray(String[]::new)));
    assertEquals("here/graft:7", once.required("image").asText());
    assertEquals(3, once.required("executor").required("instances").asInt());
    CommandInFile submitted = submitted();
    JsonNode settings = once.required("sparkConf");
    for (String key :
        List.of(
            "spark.driver.defaultJavaOptions",
            "spark.executor.defaultJavaOptions",
            "spark.executor.extraClassPath",
            "spark.executorEnv.OMP_NUM_THREADS",
            "spark.executorEnv.LC_ALL",
            "spark.executorEnv.CUDA_DEVICE_ORDER",
            "spark.kubernetes.driverEnv.OMP_NUM_THREADS",
            "spark.kubernetes.driverEnv.LC_ALL")) {
      assertEquals(submitted.setting(key), settings.path(key).asText(), key);
    }
    for (String side : List.of("driver", "executor")) {
      PodTemplateSpec template =
          STRICT.treeToValue(once.required(side).required("template"), PodTemplateSpec.class);
      assertEquals(
          read(side + ".yaml", Pod.class).getSpec(), template.getSpec(), side + " templates");
    }
  }

  /** {@code -Dgraft.crds=FOLDER} with the operator's {@code config/crd/bases}: decision 49. */
  @Test
  @EnabledIfSystemProperty(named = "graft.crds", matches = ".+")
  void theOperatorsOwnSchemasTakeThem() throws IOException {
    for (String kind : List.of("sparkapplication", "scheduledsparkapplication")) {
      Path crd =
          Path.of(System.getProperty("graft.crds"), "sparkoperator.k8s.io_" + kind + "s.yaml");
      JsonNode version = STRICT.readTree(crd.toFile()).required("spec").required("versions").get(0);
      JsonNode manifest = read(kind + ".yaml", JsonNode.class);
      assertEquals("v1beta2", version.required("name").asText());
      assertEquals(
          List.of(),
          Schema.problems(manifest, version.required("schema").required("openAPIV3Schema")));
    }
  }
}
