package org.graft.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;

class DriftTest {
  private static final Labels LABELS = Labels.inOrder(List.of("a", "b", "c"));

  private static Profile profile(float[][] features, float[][] given) {
    ProfileState state = new ProfileState(features[0].length, LABELS.size());
    Arrays.stream(features).forEach(state::addFeatures);
    Arrays.stream(given).forEach(state::addPrediction);
    return state.profile(LABELS);
  }

  private static float[][] rows(JsonNode node) {
    float[][] rows = new float[node.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new float[node.get(i).size()];
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] = (float) node.get(i).get(j).asDouble();
      }
    }
    return rows;
  }

  @Test
  void distancesAreThoseOfScipy() throws IOException {
    Path golden = Path.of("src/test/resources/golden/evaluate/drift.json");
    JsonNode cases = Json.mapper().readTree(Files.readString(golden));
    assertEquals(3, cases.size());
    for (JsonNode each : cases) {
      Drift drift =
          Drift.between(
              profile(rows(each.get("training")), rows(each.get("trainingGiven"))),
              profile(rows(each.get("now")), rows(each.get("nowGiven"))));
      JsonNode expected = each.get("expected");
      assertEquals(4, drift.distances().size());
      drift
          .distances()
          .forEach(
              (name, distance) -> {
                // the root of a matrix without full rank is good to half the digits only
                double close = name.equals(Drift.FEATURE_COVARIANCE) ? 1e-6 : 1e-12;
                assertEquals(expected.get(name).asDouble(), distance.value(), close, name);
                double chance = expected.get("chance").get(name).asDouble();
                assertEquals(chance, distance.chance(), 1e-9, name);
              });
    }
  }

  @Test
  void twoSetsOfTheSameSamplesAreApartByWhatChanceGives() {
    Random random = new Random(7);
    Map<String, Double> sums = new TreeMap<>();
    int draws = 150;
    for (int draw = 0; draw < draws; draw++) {
      Profile a = profile(random(random, 150, 8, 1), given(random, 150));
      Profile b = profile(random(random, 100, 8, 1), given(random, 100));
      Drift.between(a, b)
          .distances()
          .forEach((name, it) -> sums.merge(name, it.value() / it.chance() / draws, Double::sum));
    }
    assertEquals(4, sums.size());
    double confidence = sums.remove(Drift.CONFIDENCE); // less in bins, and of few samples
    assertTrue(confidence > 0.7 && confidence < 1, sums + " " + confidence);
    sums.forEach((name, ratio) -> assertEquals(1, ratio, 0.15, name));
  }

  /** Probabilities of three labels, the first of them with any from 1/3 to 1. */
  private static float[][] given(Random random, int n) {
    float[][] given = new float[n][3];
    for (float[] row : given) {
      int first = random.nextInt(3);
      row[first] = (1 + 2 * random.nextFloat()) / 3;
      row[(first + 1) % 3] = (1 - row[first]) / 2;
      row[(first + 2) % 3] = (1 - row[first]) / 2;
    }
    return given;
  }

  @Test
  void labelsThatComeAndGoAreADistanceAndBoundsAreOverChance() {
    Profile none = profile(new float[][] {{1}, {3}}, new float[0][]);
    Drift drift =
        Drift.between(
            none.with(Map.of("cat", 75L, "dog", 25L)), none.with(Map.of("cat", 50L, "eel", 50L)));
    Drift.Distance labels = drift.distances().get(Drift.LABELS);
    assertEquals(0.5, labels.value(), 1e-15); // 25 cats and 25 dogs in 100 would have to be eels
    assertTrue(labels.chance() > 0.03 && labels.chance() < 0.1, labels::toString);
    assertEquals(
        Map.of(Drift.LABELS, labels),
        drift.beyond(Map.of(Drift.LABELS, 0.49 - labels.chance(), Drift.FEATURE_MEAN, 0.0)));
    assertEquals(Map.of(), drift.beyond(Map.of(Drift.LABELS, 0.5 - labels.chance())));
    assertEquals(0.5, drift.metrics().get("drift.labels"), 1e-15);
    assertEquals(labels.chance(), drift.metrics().get("drift.labels.byChance"));
  }

  private static float[][] random(Random random, int n, int width, float mean) {
    float[][] rows = new float[n][width];
    for (float[] row : rows) {
      for (int i = 0; i < width; i++) {
        row[i] = (float) random.nextGaussian() + mean;
      }
    }
    return rows;
  }

  @Test
  void manyFeaturesAreProjectedAndAShiftIsSeen() {
    Random random = new Random(5);
    Profile training = profile(random(random, 400, 500, 0), new float[0][]);
    Drift same = Drift.between(training, profile(random(random, 200, 500, 0), new float[0][]));
    Drift moved = Drift.between(training, profile(random(random, 200, 500, 1), new float[0][]));
    assertEquals(Projection.MOST, training.mean().size());
    Map<String, Double> bounds = Map.of(Drift.FEATURE_MEAN, 0.02, Drift.FEATURE_COVARIANCE, 0.02);
    assertEquals(Map.of(), same.beyond(bounds));
    assertEquals(Set.of(Drift.FEATURE_MEAN), moved.beyond(bounds).keySet());
    // a mean moved by 1 in each of 500 features of variance 1: a squared distance of 500 in 500
    double mean = moved.distances().get(Drift.FEATURE_MEAN).value();
    assertTrue(mean > 0.4 && mean < 2, moved::toString);
    assertEquals(Set.of(Drift.FEATURE_MEAN, Drift.FEATURE_COVARIANCE), moved.distances().keySet());
    Drift self = Drift.between(training, training);
    self.distances().forEach((name, it) -> assertEquals(0, it.value(), 1e-12, name));
  }

  @Test
  void statesMergeBitForBitInAnyOrderAndTravelAsBytes() {
    Random random = new Random(6);
    float[][] features = random(random, 60, 40, 3);
    float[][] given = {{0.2f, 0.3f, 0.5f}, {1, 0, 0}, {0.4f, 0.6f, 0}};
    Profile whole = profile(features, given);
    ProfileState merged = new ProfileState(40, 3);
    for (int part = 2; part >= 0; part--) {
      ProfileState state = new ProfileState(40, 3);
      for (int i = 59 - part; i >= 0; i -= 3) {
        state.addFeatures(features[i]);
      }
      state.addPrediction(given[part]);
      merged.merge(ProfileState.fromBytes(state.toBytes()));
    }
    assertEquals(whole, merged.profile(LABELS));
    byte[] json = Json.pretty(whole).getBytes(StandardCharsets.UTF_8);
    assertEquals(whole, Json.read(json, Profile.class, "a profile"));
  }

  @Test
  void strangeBytesAndOtherWidthsAreRefused() {
    byte[] bytes = new ProfileState(3, 2).toBytes();
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
    assertThrows(IllegalArgumentException.class, () -> ProfileState.fromBytes(cut));
    byte[] other = bytes.clone();
    other[4] = 127; // a width of 2 thousand millions
    assertThrows(IllegalArgumentException.class, () -> ProfileState.fromBytes(other));
    Profile three = profile(new float[1][3], new float[0][]);
    Profile four = profile(new float[1][4], new float[0][]);
    UserError e = assertThrows(UserError.class, () -> Drift.between(three, four));
    assertTrue(e.getMessage().contains("3 and 4 numbers"), e.getMessage());
  }
}
