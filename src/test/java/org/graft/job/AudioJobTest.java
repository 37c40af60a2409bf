package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.job.Launch.Ended;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings, good and bad, through the genuine speech embedding to a head and its scores. */
class AudioJobTest {
  private static final Path DIGITS = Path.of("conf/speech/digits");
  private static final Path GOLDEN = Path.of("src/test/resources/golden/audio/files");
  private static final int EACH = 20;
  private static final int GOOD = 3 * EACH + 2;

  @TempDir static Path folder;
  private static Ended ended;

  @BeforeAll
  static void train() throws IOException {
    for (String digit : List.of("1", "2", "3")) {
      Path to = Files.createDirectories(folder.resolve("sounds/" + digit));
      try (Stream<Path> files = Files.list(DIGITS.resolve(digit))) {
        for (Path file : files.sorted().limit(EACH).toList()) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
    Path one = folder.resolve("sounds/1");
    Files.copy(GOLDEN.resolve("extensible-8-channels.wav"), one.resolve("channels.wav"));
    Files.write(one.resolve("silence.wav"), wave(16_000, 32_000, 32_000, 0));
    Files.write(one.resolve("lies.wav"), wave(16_000, 32_000, 1000, 0));
    Files.write(one.resolve("hours.wav"), wave(1000, 2 * 10_800_000, 2 * 10_800_000, 0));
    Files.write(one.resolve("long.wav"), wave(16_000, 96_000, 96_000, 0));
    Files.write(one.resolve("nan.wav"), wave(16_000, 4000, 4000, Float.NaN));
    Files.write(one.resolve("none.wav"), wave(16_000, 0, 0, 0));
    Files.writeString(one.resolve("text.wav"), "Dear listener, this is a text");
    Files.copy(GOLDEN.resolve("aiff.wav"), one.resolve("other.wav"));
    Files.writeString(
        folder.resolve("sounds.yaml"),
        """
        name: sounds
        workspace: workspace
        source: {kind: folder, path: sounds}
        split: {train: 0.6, validation: 0.1, test: 0.3}
        backbone: {card: speech_embedding.google, batch: 8}
        head: ridge
        publish: {exports: []}
        limits: {rejected: 0.2, seconds: 2}
        """);
    ended = run("run").well();
  }

  private static Ended run(String verb, String... settings) throws IOException {
    List<String> args = new ArrayList<>(List.of(verb, folder.resolve("sounds.yaml").toString()));
    for (String setting : settings) {
      args.addAll(List.of("-s", setting));
    }
    return Launch.LOCAL.run(args.toArray(String[]::new));
  }

  /** Integers of 16 bits, or floats, all alike. */
  private static byte[] wave(int rate, int declared, int bytes, float value) {
    boolean floats = value != 0;
    int frame = floats ? 4 : 2;
    ByteBuffer wave = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    wave.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + declared);
    wave.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wave.putShort((short) (floats ? 3 : 1)).putShort((short) 1).putInt(rate).putInt(rate * frame);
    wave.putShort((short) frame).putShort((short) (8 * frame));
    wave.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(declared);
    while (floats && wave.hasRemaining()) {
      wave.putFloat(value);
    }
    return wave.array();
  }

  @Test
  void spokenDigitsAreToldApart() {
    assertEquals(GOOD, ended.count("extracted"));
    assertTrue(ended.metric("accuracy") >= 0.9, ended.err());
  }

  @Test
  void badRecordingsAreRejectedEachWithItsReason() {
    Map<String, String> reasons = new TreeMap<>();
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      String kept = ended.path("run") + "/rejected/extract";
      for (Row row : spark.read().parquet(kept).collectAsList()) {
        String name = Path.of(row.<String>getAs("path")).getFileName().toString();
        reasons.put(name, row.getAs("reason") + ": " + row.getAs("detail"));
      }
    }
    Map<String, String> wanted =
        Map.of(
            "lies.wav", "TRUNCATED: WAV is not whole: 32000 bytes of samples are declared, 1000 ",
            "hours.wav", "TOO_LARGE: WAV declares 10800.0 s of sound (limit limits.seconds: 2)",
            "long.wav", "TOO_LARGE: WAV declares 3.0 s of sound (limit limits.seconds: 2)",
            "nan.wav", "NOT_FINITE: WAV holds NaN at sample 0",
            "none.wav", "EMPTY: WAV holds no samples",
            "text.wav", "UNSUPPORTED: not a sound file",
            "other.wav", "UNSUPPORTED: the file is AIFF inside");
    assertEquals(wanted.keySet(), reasons.keySet());
    wanted.forEach(
        (name, begin) -> assertTrue(reasons.get(name).startsWith(begin), reasons::toString));
  }

  @Test
  void aHigherLimitLetsALongRecordingInAndReusesTheOthers() throws IOException {
    Ended higher = run("extract", "limits.seconds=3").well();
    assertEquals(1, higher.count("extracted"));
    assertEquals(GOOD, higher.count("reused"));
  }

  @Test
  void aPlanCountsTheMemoryOfRecordings() throws IOException {
    Ended plan = run("plan").well();
    String said = String.join("\n", plan.out());
    assertTrue(said.matches("(?s).*memory: recordings +\\d+ MiB .*limits.seconds.*"), said);
    assertFalse(said.contains("memory: pictures"), said);
    var memory = plan.summary().required("metrics").required("memory");
    int samples = 2 * 16_000; // of limits.seconds
    int frames = samples / 160 * 32;
    assertEquals(2L * (4 * samples + frames) * 4, memory.required("recordings").asLong());
    assertEquals(0, memory.required("pictures").asLong());
  }

  /** Windows of other recordings lie beside them in the batches then. */
  @Test
  void theHeadDoesNotDependOnTheNumberOfTasks() throws IOException {
    Ended other =
        run("train", "workspace=" + folder.resolve("other"), "extract.partitions=3").well();
    assertEquals(GOOD, other.count("extracted"));
    assertEquals(ended.head(), other.head());
  }

  @Test
  void theBundleScoresRecordingsByItself() throws IOException {
    Path score = folder.resolve("score.yaml");
    Files.writeString(
        score,
        """
        bundle: workspace/models/sounds
        source: {kind: folder, path: sounds}
        output: predictions
        limits: {rejected: 0.2, seconds: 2}
        """);
    assertEquals(GOOD, Launch.LOCAL.run("score", score.toString()).well().count("scored"));
  }
}
