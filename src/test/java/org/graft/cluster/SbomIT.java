package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.graft.common.Json;
import org.junit.jupiter.api.Test;

/** {@code target/bom.json}, as the build wrote it beside the jars. */
class SbomIT {
  /** Whose POM names no licence: what META-INF/LICENSE of their jar says. */
  private static final Map<String, String> SAID_ELSEWHERE =
      Map.of(
          "org.apache.xbean:xbean-asm9-shaded:", "Apache-2.0",
          "oro:oro:2.0.8", "Apache-1.1");

  private final Map<String, List<String>> licences = new TreeMap<>();

  SbomIT() throws IOException {
    assumeFalse(Boolean.getBoolean("graft.offline"), "Maven makes it online only");
    Map<String, Object> bom = Json.readMap(Files.readAllBytes(Path.of("target/bom.json")), "bom");
    assertEquals("CycloneDX", bom.get("bomFormat"));
    for (Object component : (List<?>) bom.get("components")) {
      Map<?, ?> part = (Map<?, ?>) component;
      licences.put(
          part.get("group") + ":" + part.get("name") + ":" + part.get("version"),
          licences((List<?>) part.get("licenses")));
    }
  }

  private static List<String> licences(List<?> given) {
    List<String> names = new ArrayList<>();
    for (Object each : given == null ? List.of() : given) {
      Map<?, ?> entry = (Map<?, ?>) each;
      if (entry.get("expression") != null) {
        names.add((String) entry.get("expression"));
      } else {
        Map<?, ?> licence = (Map<?, ?>) entry.get("license");
        names.add((String) (licence.get("id") == null ? licence.get("name") : licence.get("id")));
      }
    }
    return names;
  }

  @Test
  void itListsWhatIsShipped() throws IOException {
    for (String known :
        List.of(
            "org.deeplearning4j:deeplearning4j-nn:",
            "org.nd4j:nd4j-native:",
            "org.apache.spark:spark-sql_2.12:",
            "com.microsoft.onnxruntime:onnxruntime:")) {
      assertTrue(licences.keySet().stream().anyMatch(name -> name.startsWith(known)), known);
    }
    Set<String> names = new TreeSet<>();
    licences.keySet().forEach(name -> names.add(name.substring(name.indexOf(':') + 1)));
    for (String folder : List.of("target/lib", "target/spark/jars")) {
      try (Stream<Path> jars = Files.list(Path.of(folder))) {
        for (Path jar : jars.toList()) {
          String file = jar.getFileName().toString();
          assertTrue(
              names.stream().anyMatch(name -> file.startsWith(name.replace(':', '-'))),
              () -> file + " is not in it");
        }
      }
    }
    assertFalse(licences.keySet().stream().anyMatch(name -> name.startsWith("org.junit")));
  }

  @Test
  void everyPartMayBeUsedUnderALicenceThatIsNotTheGpl() {
    List<String> wrong = new ArrayList<>();
    licences.forEach(
        (name, given) -> {
          List<String> all = new ArrayList<>(given);
          SAID_ELSEWHERE.forEach(
              (prefix, licence) -> {
                if (name.startsWith(prefix)) {
                  all.add(licence);
                }
              });
          if (all.stream().allMatch(SbomIT::binds)) {
            wrong.add(name + " " + all);
          }
        });
    assertEquals(List.of(), wrong);
  }

  /** Of the GPL's family without another choice; unknown ones count as such. */
  private static boolean binds(String licence) {
    return licence.matches("(?i).*(GPL|GNU).*")
        && !licence.matches("(?i).*(exception|classpath|\\bOR\\b).*");
  }
}
