package org.graft.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
      assertEquals(expected.get("featureMean").asDouble(), drift.featureMean(), 1e-12);
      // the root of a matrix without full rank is good to half the digits only
      assertEquals(expected.get("featureCovariance").asDouble(), drift.featureCovariance(), 1e-6);
      assertEquals(expected.get("noise").asDouble(), drift.noise(), 1e-15);
      assertEquals(expected.get("labels").asDouble(), drift.labels(), 1e-12);
      assertEquals(expected.get("confidence").asDouble(), drift.confidence(), 1e-12);
    }
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
    assertTrue(same.featureMean() < 2 * same.noise(), same::toString);
    // a mean moved by 1 in each of 500 features of variance 1: a squared distance of 500 in 500
    assertTrue(moved.featureMean() > 0.4 && moved.featureMean() < 2, moved::toString);
    assertNull(moved.labels());
    assertEquals(0, Drift.between(training, training).featureMean());
    assertEquals(0, Drift.between(training, training).featureCovariance(), 1e-12);
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
