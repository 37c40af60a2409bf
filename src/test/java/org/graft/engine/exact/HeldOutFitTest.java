package org.graft.engine.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.graft.common.Json;
import org.graft.head.Digits;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.Sharding;
import org.graft.inspect.ConfidentLabels;
import org.graft.inspect.LabelScore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What scikit-learn and cleanlab find on digits: see src/test/golden/inspect/digits.py. */
class HeldOutFitTest {
  private static final Map<String, Object> GOLDEN = golden();

  private static Map<String, Object> golden() {
    try (InputStream in = HeldOutFitTest.class.getResourceAsStream("/golden/inspect/digits.json")) {
      return Json.readMap(in.readAllBytes(), "digits.json");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked")
  static Stream<Map<String, Object>> cases() {
    return ((List<Map<String, Object>>) GOLDEN.get("cases")).stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void asIfEachSampleHadBeenLeftOut(Map<String, Object> golden) {
    List<LabelScore> scores = scores(labelled(golden), 3);
    List<?> expected = (List<?>) golden.get("probabilities");
    for (int i = 0; i < expected.size(); i++) {
      double probability = ((Number) expected.get(i)).doubleValue();
      assertEquals(probability, scores.get(10 * i).givenProbability(), 2e-5, "digit " + 10 * i);
    }
    assertEquals(golden.get("doubtful"), doubtful(scores));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void wrongLabelsComeFirstAtLeastAsOftenAsByCleanlab(Map<String, Object> golden) {
    List<LabelScore> scores = scores(labelled(golden), 1);
    List<LabelledBlock> right = Digits.train();
    double precision = averagePrecision(scores, right);
    assertEquals((double) golden.get("averagePrecision"), precision, 1e-3);
    assertTrue(precision >= (double) golden.get("cleanlab"), precision + " against " + golden);
  }

  @Test
  void theTenthNearestOther() {
    List<Shard> shards = Shard.deal(Digits.train(), Sharding.byKey(2));
    ShardStatistics all =
        ShardStatistics.merged(
            shards.stream().map(s -> ShardStatistics.of(s.blocks().iterator())).toList());
    List<LabelledBlock> chosen =
        shards.stream().flatMap(s -> NearestReference.chosen(s, all.rows()).stream()).toList();
    NearestReference reference = new NearestReference(all.mean(), chosen);
    Map<String, Double> distances = new TreeMap<>();
    for (Shard shard : shards) {
      double[] found = reference.distances(shard);
      for (int i = 0; i < found.length; i++) {
        distances.put(shard.key(i), found[i]);
      }
    }
    List<?> expected = (List<?>) GOLDEN.get("tenthNearest");
    List<Double> inOrder = List.copyOf(distances.values());
    assertEquals(expected.size(), inOrder.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(((Number) expected.get(i)).doubleValue(), inOrder.get(i), 1e-6, "digit " + i);
    }
  }

  private static List<LabelledBlock> labelled(Map<String, Object> golden) {
    String labels = (String) golden.get("labels");
    List<LabelledBlock> rows = new ArrayList<>();
    for (LabelledBlock row : Digits.train()) {
      float[] targets = new float[row.classes()];
      targets[labels.charAt(rows.size()) - '0'] = 1;
      rows.add(new LabelledBlock(row.keys(), row.width(), row.classes(), row.features(), targets));
    }
    return rows;
  }

  /** In the order of the keys. */
  private static List<LabelScore> scores(List<LabelledBlock> rows, int shards) {
    List<Shard> dealt = Shard.deal(rows, Sharding.byKey(shards));
    LocalExactWorkers workers = new LocalExactWorkers(dealt, List.of());
    HeldOutFit fit = HeldOutFit.of(workers, ShardStatistics.merged(workers.look()));
    List<LabelScore> scores = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      scores.addAll(fit.scores(dealt.get(i), workers.held().get(i)));
    }
    scores.sort(Comparator.comparing(LabelScore::key));
    return scores;
  }

  private static List<Integer> doubtful(List<LabelScore> scores) {
    ConfidentLabels confident =
        ConfidentLabels.merged(
            10,
            List.of(
                ConfidentLabels.of(10, scores.subList(0, 700).iterator()),
                ConfidentLabels.of(10, scores.subList(700, scores.size()).iterator())));
    List<Integer> doubtful = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      if (confident.isDoubtful(scores.get(i))) {
        doubtful.add(i);
      }
    }
    return doubtful;
  }

  private static double averagePrecision(List<LabelScore> scores, List<LabelledBlock> right) {
    Map<String, LabelledBlock> byKey = new TreeMap<>();
    right.forEach(row -> byKey.put(row.key(0), row));
    List<LabelScore> worst = new ArrayList<>(scores);
    worst.sort(Comparator.comparingDouble(LabelScore::givenProbability));
    double sum = 0;
    int found = 0;
    for (int i = 0; i < worst.size(); i++) {
      if (byKey.get(worst.get(i).key()).targets()[worst.get(i).given()] == 0) {
        found++;
        sum += (double) found / (i + 1);
      }
    }
    return sum / found;
  }
}
