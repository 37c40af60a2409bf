package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graft.common.Json;
import org.graft.job.Launch.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command, measuring a little. */
class BenchTest {
  private static final List<String> KEYS =
      List.of(
          "what",
          "backbone",
          "engine",
          "precision",
          "batch",
          "threads",
          "samplesPerSecond",
          "samplesPerCpuSecond",
          "percentOfPeak");

  @TempDir Path folder;

  @Test
  void measuresEveryPart() throws IOException {
    Path json = folder.resolve("records.json");
    Ended ended =
        Launch.LOCAL.run(
            "bench",
            "--json",
            json.toString(),
            "--backbones",
            "mobilenetv2",
            "--batches",
            "2",
            "--rounds",
            "2",
            "--seconds",
            "0.1");
    ended.well();
    JsonNode records = Json.mapper().readTree(json.toFile());
    assertTrue(records.isArray());
    assertEquals(records.size(), ended.count("records"));
    assertEquals(json.toString(), ended.path("records"));
    assertEquals(
        List.of(
            "gemm  openblas fp32 x1",
            "gemm  onnx fp32 x1",
            "gemm  onnx int8 x1",
            "decode mobilenetv2 libjpeg-turbo uint8 x1 500x375 all",
            "decode mobilenetv2 libjpeg-turbo uint8 x1 500x375 codec",
            "decode mobilenetv2 libjpeg-turbo uint8 x1 500x375 resize",
            "decode mobilenetv2 imageio uint8 x1 500x375 all",
            "decode mobilenetv2 libjpeg-turbo uint8 x1 4000x3000 all",
            "decode mobilenetv2 libjpeg-turbo-draft uint8 x1 4000x3000 all",
            "network mobilenetv2 dl4j-stock fp32 x1",
            "network mobilenetv2 dl4j fp32 x1",
            "network mobilenetv2 onnx fp32 x1",
            "network mobilenetv2 onnx int8 x1",
            "endToEnd mobilenetv2 onnx fp32 x2",
            "endToEnd mobilenetv2 onnx int8 x2"),
        titles(records));
    records.forEach(BenchTest::check);
    for (JsonNode record : records) { // the table has a row for each
      String row = "%-9s %-14s ".formatted(record.get("what").asText(), name(record));
      assertTrue(ended.out().stream().anyMatch(line -> line.startsWith(row)), row);
    }
    assertTrue(ended.err().contains("bench: part 2 of 4, decode: "), ended.err());
    assertTrue(ended.err().contains(" left\n"), ended.err());
  }

  private static String name(JsonNode record) {
    String name = record.get("backbone").asText();
    return name.isEmpty() ? "-" : name;
  }

  private static List<String> titles(JsonNode records) {
    List<String> titles = new ArrayList<>();
    for (JsonNode record : records) {
      titles.add(
          "%s %s %s %s x%d %s %s"
              .formatted(
                  record.get("what").asText(),
                  record.get("backbone").asText(),
                  record.get("engine").asText(),
                  record.get("precision").asText(),
                  record.get("threads").asInt(),
                  record.path("picture").asText(),
                  record.path("stage").asText())
              .strip());
    }
    return titles;
  }

  private static void check(JsonNode record) {
    KEYS.forEach(key -> assertTrue(record.has(key), key + " in " + record));
    assertTrue(record.get("samplesPerSecond").asDouble() > 0, record::toString);
    assertTrue(record.get("samplesPerCpuSecond").asDouble() > 0, record::toString);
    boolean arithmetic = !record.get("what").asText().equals("decode");
    assertEquals(arithmetic, record.get("percentOfPeak").isNumber(), record::toString);
    if (arithmetic) {
      assertTrue(record.get("percentOfPeak").asDouble() > 0, record::toString);
      // on a machine that others use, the peak was perhaps not the machine's best moment
      assertTrue(record.get("percentOfPeak").asDouble() < 400, record::toString);
    }
    switch (record.get("what").asText()) {
      case "gemm" -> assertTrue(record.get("machine").has("processor"), record::toString);
      case "network" -> assertEquals(0.6, record.get("gflop").asDouble(), 0.01);
      case "endToEnd" -> assertTrue(record.get("ratio").asDouble() > 0, record::toString);
      default -> assertTrue(record.has("decoder"), record::toString);
    }
  }

  @Test
  void measuresTextsAndRecordings() throws IOException {
    Path json = folder.resolve("records.json");
    Launch.LOCAL
        .run(
            ("bench --what text,audio --text-backbones minilm_l6,minilm_l6_int8"
                    + " --audio-backbones vggish --sounds conf/speech --batches 16 --rounds 1"
                    + " --seconds 0.05 --json "
                    + json)
                .split(" "))
        .well();
    JsonNode records = Json.mapper().readTree(json.toFile());
    assertEquals(
        List.of(
            "text minilm_l6 tokenizers - x1  tokens",
            "text minilm_l6 onnx fp32 x1  all",
            "text minilm_l6 onnx int8 x1  all",
            "text minilm_l6_int8 tokenizers - x1  tokens",
            "text minilm_l6_int8 onnx published x1  all",
            "audio vggish graft - x1  16000 Hz",
            "audio vggish graft - x1  44100 Hz",
            "audio  graft - x1  resample 44100 to 16000",
            "audio  graft - x1  decode wav",
            "audio  graft - x1  decode flac files"),
        titles(records));
    for (JsonNode record : records) {
      KEYS.forEach(key -> assertTrue(record.has(key), key + " in " + record));
      assertTrue(record.get("samplesPerCpuSecond").asDouble() > 0, record::toString);
      assertTrue(record.get("percentOfPeak").isNull(), record::toString);
    }
    assertTrue(records.get(0).get("tokens").asDouble() > 5, () -> records.get(0).toString());
  }

  @Test
  void aFileThatCannotBeWrittenIsSaidAtOnce() throws IOException {
    Path nowhere = folder.resolve("no/such/records.json");
    Printed printed = Printed.by("bench", "--what", "gemm", "--json", nowhere.toString());
    assertEquals(2, printed.status());
    assertTrue(
        printed.err().startsWith("graft: Cannot write --json " + nowhere + ":"), printed.err());
    assertFalse(printed.err().contains("bench: "), printed.err());
  }

  @Test
  void theFileIsAnArrayEvenWhereNothingCouldBeMeasured() throws IOException {
    Path json = folder.resolve("records.json");
    Path damaged = Files.writeString(folder.resolve("weights.pth"), "no weights");
    Printed printed =
        Printed.by(
            "bench",
            "--what",
            "network",
            "--backbones",
            "resnet50",
            "--weights",
            damaged.toString(),
            "--json",
            json.toString());
    assertEquals(2, printed.status(), printed.err());
    assertEquals("failed", printed.summary().get("outcome"));
    assertEquals(0, Json.mapper().readTree(json.toFile()).size());
  }
}
