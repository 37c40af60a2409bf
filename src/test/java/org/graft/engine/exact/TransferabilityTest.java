package org.graft.engine.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.graft.common.Json;
import org.graft.head.LabelledBlock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published formulas in numpy and scikit-learn: see src/test/golden/rank/scores.py. */
class TransferabilityTest {
  @ParameterizedTest
  @ValueSource(strings = {"tall", "wide"})
  void asPublished(String name) throws IOException {
    Map<?, ?> golden = golden(name);
    List<LabelledBlock> rows = rows(golden);
    Collections.shuffle(rows, new Random(1));
    Transferability found = Transferability.of(rows);
    assertEquals(rows.size(), found.samples());
    assertEquals((double) golden.get("logMe"), found.logMe(), 1e-9);
    assertEquals((double) golden.get("hScore"), found.hScore(), 1e-9);
    assertEquals((double) golden.get("accuracy"), found.accuracy(), 1e-12);
  }

  private static Map<?, ?> golden(String name) throws IOException {
    try (InputStream in =
        TransferabilityTest.class.getResourceAsStream("/golden/rank/scores.json")) {
      return (Map<?, ?>) Json.readMap(in.readAllBytes(), "scores.json").get(name);
    }
  }

  private static List<LabelledBlock> rows(Map<?, ?> golden) {
    int classes = (int) golden.get("classes");
    List<LabelledBlock> rows = new ArrayList<>();
    for (Object row : (List<?>) golden.get("features")) {
      List<?> numbers = (List<?>) row;
      float[] features = new float[numbers.size()];
      for (int j = 0; j < features.length; j++) {
        features[j] = (int) numbers.get(j) / 64f;
      }
      float[] targets = new float[classes];
      targets[rows.size() % classes] = 1;
      String key = "sample%03d".formatted(rows.size());
      rows.add(new LabelledBlock(List.of(key), features.length, classes, features, targets));
    }
    return rows;
  }
}
