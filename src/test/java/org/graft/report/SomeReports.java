package org.graft.report;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.graft.evaluate.EvaluationState;
import org.graft.evaluate.Inspection;
import org.graft.evaluate.InspectionState;
import org.graft.head.RoundReport;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Epoch;
import org.graft.head.TrainingHistory.Validation;
import org.graft.report.RunReport.Part;
import org.graft.sample.Labels;

/** Reports as runs make them, of samples drawn by chance. */
final class SomeReports {
  static final String EVIL = "<script>document.title = 'taken over'</script>";

  private SomeReports() {}

  /** With every section; one of its labels is a script. */
  static RunReport whole() {
    return of(Labels.inOrder(List.of("cat", EVIL, "dog & fish", "2 \"birds\"")), 400);
  }

  static RunReport of(Labels labels, int samples) {
    Random random = new Random(5);
    EvaluationState state = EvaluationState.of(Output.SOFTMAX, labels.size(), 2);
    List<Object[]> scored = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      int label = random.nextInt(labels.size());
      float[] given = given(random, labels.size(), label);
      scored.add(new Object[] {label, given});
      state.add(given, labels.encode(List.of(labels.name(label))));
    }
    var evaluation = state.evaluation(labels);
    InspectionState seen =
        new InspectionState(Output.SOFTMAX, labels, Inspection.cells(evaluation));
    for (int i = 0; i < samples; i++) {
      List<String> has = List.of(labels.name((Integer) scored.get(i)[0]));
      float[] given = (float[]) scored.get(i)[1];
      seen.add("key" + i, "/data/" + has.get(0) + "/picture " + i, has, given, labels.encode(has));
    }
    Inspection inspection = seen.inspection();
    Map<String, Preview> previews = new TreeMap<>();
    int[] number = {0};
    inspection.keys().forEach(key -> previews.put(key, preview(random, number[0]++)));
    return new RunReport(
        "pets",
        List.of(new Part("", history(12, 6), evaluation, inspection, previews)),
        List.of(
            new TrainingHistory.Candidate(
                Map.of("train.l2", "0.1"), Map.of("validationLoss", 0.4), true),
            new TrainingHistory.Candidate(
                Map.of("train.l2", "1"), Map.of("validationLoss", 0.5), false)),
        List.of(new RejectedSamples("index", "CORRUPT", 3, "/data/a.jpg", "JPEG ends early")),
        new Costs(
            List.of(new Costs.Step("index", 3.5), new Costs.Step("extract", 40)),
            new Costs.Extraction(400, 40, 5, 30, 42),
            new Costs.Tasks(123, 140.5, 90.25)),
        List.of(new Fact("run", "r1")),
        List.of(new Fact("train.l2", "0.1")));
  }

  private static float[] given(Random random, int classes, int label) {
    double[] weights = new double[classes];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      weights[c] = Math.exp(2 * random.nextGaussian() + (c == label ? 3 : 0));
      sum += weights[c];
    }
    float[] given = new float[classes];
    for (int c = 0; c < classes; c++) {
      given[c] = (float) (weights[c] / sum);
    }
    return given;
  }

  /** Some are texts, and some cannot be shown. */
  private static Preview preview(Random random, int number) {
    if (number % 7 == 6) {
      return number % 2 == 0 ? Preview.NONE : new Preview(null, "It was a dark and " + EVIL);
    }
    return Preview.Kind.PICTURE.preview(picture(random, number), 1 << 20);
  }

  private static byte[] picture(Random random, int number) {
    BufferedImage image = new BufferedImage(160, 80 + number % 120, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, new Color(x, 90 + random.nextInt(60), (y * 7 + number) % 256).getRGB());
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static TrainingHistory history(int epochs, int rounds) {
    List<Epoch> all = new ArrayList<>();
    List<RoundReport> reports = new ArrayList<>();
    for (int e = 1; e <= epochs; e++) {
      double loss = 1.0 / e;
      all.add(new Epoch(e, rounds, 100, loss, new Validation(20, loss + 0.1, 0.5)));
      for (int r = 1; r <= rounds; r++) {
        RoundReport.Cost cost = new RoundReport.Cost(0.5, 0.3, 0.6, 10, 20);
        reports.add(new RoundReport(e, r, rounds, 50, loss, 2 * loss, cost));
      }
    }
    return new TrainingHistory(all, epochs, reports);
  }

  /** Names of many classes. */
  static Labels many(int classes) {
    return Labels.inOrder(
        IntStream.range(0, classes).mapToObj("a class of number %d"::formatted).toList());
  }
}
