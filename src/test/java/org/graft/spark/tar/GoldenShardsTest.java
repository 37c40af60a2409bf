package org.graft.spark.tar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graft.common.Digest;
import org.graft.common.Json;
import org.graft.common.LocalStorage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards that Python's tarfile wrote, in each of its formats. */
class GoldenShardsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/tar");
  private static final TarFields FIELDS = new TarFields("label", "split");

  private static List<TarSample> samples(Path shard, long contents) throws IOException {
    List<TarSample> samples = new ArrayList<>();
    TarMembers members = new TarMembers(new LocalStorage(), shard.toString(), Files.size(shard));
    try (TarSamples all = new TarSamples(members, FIELDS, contents)) {
      all.forEachRemaining(samples::add);
    }
    return samples;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ustar", "gnu", "pax"})
  void namesLabelsPlacesAndBytesAreThose(String format) throws IOException {
    Path shard = GOLDEN.resolve(format + ".tar");
    JsonNode expected =
        Json.mapper().readTree(GOLDEN.resolve("expected.json").toFile()).get(format);
    List<TarSample> samples = samples(shard, 1 << 20);
    assertEquals(expected.size(), samples.size());
    for (TarSample sample : samples) {
      JsonNode known = expected.required(sample.name());
      assertNull(sample.reason(), sample.detail());
      assertEquals(known.get("sha256").asText(), Digest.of(sample.content()));
      assertEquals(known.get("offset").asLong(), sample.offset());
      assertEquals(known.get("bytes").asLong(), sample.bytes());
      assertArrayEquals(
          sample.content(),
          new LocalStorage().read(shard.toString(), sample.offset(), (int) sample.bytes()));
      List<String> labels = new ArrayList<>();
      known.get("labels").forEach(label -> labels.add(label.asText()));
      assertEquals(labels, sample.labels());
      assertEquals(sample.name().equals("train/0002.png") ? "test" : null, sample.split());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ustar", "gnu", "pax"})
  void withoutContentsThePlacesAreTheSame(String format) throws IOException {
    Path shard = GOLDEN.resolve(format + ".tar");
    List<TarSample> with = samples(shard, 1 << 20);
    List<TarSample> without = samples(shard, 0);
    assertEquals(with.size(), without.size());
    for (int i = 0; i < with.size(); i++) {
      assertNull(without.get(i).content());
      assertEquals(with.get(i).offset(), without.get(i).offset());
      assertEquals(with.get(i).bytes(), without.get(i).bytes());
      assertEquals(with.get(i).labels(), without.get(i).labels());
    }
  }
}
