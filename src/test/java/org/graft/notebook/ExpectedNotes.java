package org.graft.notebook;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each paragraph of the notes under notebooks/ must show. */
final class ExpectedNotes {
  static final String QUICKSTART = "Quickstart_2GRAFTQCK.zpln";
  private static final String ACCURACY = "accuracy ([0-9.]+)";

  private ExpectedNotes() {}

  /** By the notes' file names. */
  static Map<String, List<Expected>> all() {
    Map<String, List<Expected>> notes = new LinkedHashMap<>();
    notes.put(
        QUICKSTART,
        List.of(
            Expected.of("Pictures", "graft: org.graft.ml.Notebook"),
            Expected.of("How many of each", "label\tpictures", "fruit\t66"),
            Expected.of("One of each", "%html <div>", "data:image/jpeg;base64,/9j/", "vehicles"),
            Expected.of("Features", "640 of mobilenetv2.coco"),
            Expected.of("Head", "1280 features -> 10 labels"),
            Expected.of("How good is it")
                .number(ACCURACY, 0.64, 0.78)
                .number("on ([0-9]+) pictures", 200, 250),
            Expected.of("By subject", "label\tprecision\trecall", "road-signs\t"),
            Expected.of("What is taken for what", "label\tpredicted\tsamples"),
            Expected.of("Saved and loaded", "the loaded head disagrees on 0 pictures")));
    notes.put(
        "Compare backbones_2GRAFTCMP.zpln",
        List.of(
            Expected.of("Pictures", "640 pictures"),
            Expected.of("Candidates", "compared: Seq["),
            Expected.of("Accuracy", "backbone\taccuracy")
                .number("mobilenetv2.coco\t([0-9.]+)", 0.6, 0.8),
            Expected.of("All of it", "mobilenetv2.coco at block15_add\t160\t"),
            Expected.of("The best", "%html <p>The best here: <b>mobilenetv2.coco")));
    notes.put(
        "Fine-tune_2GRAFTFNT.zpln",
        List.of(
            Expected.of("Index", "640 pictures of 10 labels"),
            Expected.of("Frozen features", "640 extracted, 0 reused"),
            Expected.of("Head").number(ACCURACY, 0.6, 0.8),
            Expected.of("Fine-tuning", "tuned: org.graft.Tuned"),
            Expected.of("Measured on the same pictures").number(ACCURACY, 0.6, 0.85),
            Expected.of("Was it worth it", "network\taccuracy\tlogLoss", "frozen\t", "tuned\t"),
            Expected.of("Loss by epoch", "%html <svg", "epoch 2: ")));
    notes.put(
        "Text_2GRAFTTXT.zpln",
        List.of(
            Expected.of("Mails", "mails: org.apache.spark.sql.DataFrame"),
            Expected.of("How long are they", "label\tmails\twords", "\t400\t"),
            Expected.of("Features", "800 of minilm_l6_int8.st"),
            Expected.of("Head").number(ACCURACY, 0.85, 1),
            Expected.of("By label", "%table label\tprecision\trecall"),
            Expected.of("The surest mistakes", "%html <table>", "</table>"),
            Expected.of("A mail of your own", "it looks like ")));
    notes.put(
        "Inspect errors_2GRAFTERR.zpln",
        List.of(
            Expected.of("Head", "1280 features -> 10 labels"),
            Expected.of("Scores").number("([0-9]+) of [0-9]+ are wrong", 40, 90),
            Expected.of("What is taken for what", "pair\tsamples", " as "),
            Expected.of("Is it as sure as it is right", "sure\tright\tsamples"),
            Expected.of("The surest mistakes", "%html <div>", "<figcaption>"),
            Expected.of("Labels to look at", "label\tpredictedLabel\tofLabel")));
    return notes;
  }
}
