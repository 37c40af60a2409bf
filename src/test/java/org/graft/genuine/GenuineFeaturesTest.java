package org.graft.genuine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.common.Digest;
import org.graft.engine.dl4j.LocalHeadTrainer;
import org.graft.engine.dl4j.RandomWeights;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Loss;
import org.graft.head.LossWeights;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.image.ImagePreprocessor;
import org.graft.image.JpegScaling;
import org.graft.image.PictureDecoder;
import org.graft.image.Preprocessing;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.Preprocessing.ChannelOrder;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Preprocessing.Resize;
import org.graft.sample.Labels;
import org.graft.sample.RejectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pretraining is worth something: a linear probe on genuine features of the quickstart's pictures
 * against one on the same network with random weights, and one on the pictures themselves.
 */
class GenuineFeaturesTest {
  private static final Path PICTURES = Path.of("conf", "quickstart", "pictures");
  private static final BackboneCard GENUINE = BackboneCatalog.card("mobilenetv2.coco");
  private static final int BATCH = 8;

  /**
   * @param key digest of the bytes
   */
  private record Picture(String key, Path file) {
    String label() {
      return file.getParent().getFileName().toString();
    }

    /** About two of five. */
    boolean isTest() {
      return Integer.parseInt(key.substring(32, 34), 16) < 100;
    }
  }

  /** Pictures to vectors. */
  private interface Features {
    float[][] of(List<Picture> pictures) throws IOException, RejectedException;
  }

  @Test
  void aProbeOnGenuineFeaturesBeatsRandomWeightsAndPixels(@TempDir Path folder)
      throws IOException, RejectedException {
    List<Picture> pictures = pictures();
    float[][] some = tensors(pictures.subList(0, 16), GENUINE.preprocessing());
    Path randomWeights = folder.resolve("random.safetensors");
    BackboneCard random = RandomWeights.write(GENUINE, some, 1, randomWeights);

    double genuine = probe(pictures, network(GENUINE, genuineWeights(folder)));
    double untrained = probe(pictures, network(random, randomWeights));
    double pixels = probe(pictures, all -> tensors(all, pixels()));

    String found = "genuine %.3f, random %.3f, pixels %.3f".formatted(genuine, untrained, pixels);
    assertTrue(genuine > 0.6, found);
    assertTrue(genuine > untrained + 0.3, found);
    assertTrue(genuine > pixels + 0.2, found);
  }

  private static List<Picture> pictures() throws IOException {
    List<Picture> pictures = new ArrayList<>();
    try (Stream<Path> files = Files.walk(PICTURES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        pictures.add(new Picture(Digest.of(Files.readAllBytes(file)), file));
      }
    }
    pictures.sort(Comparator.comparing(Picture::key));
    return pictures;
  }

  /** 16 x 16 pixels, -1..1. */
  private static Preprocessing pixels() {
    List<Double> ones = List.of(1.0, 1.0, 1.0);
    return new Preprocessing(
        Resize.stretch(16, 16),
        null,
        Interpolation.BILINEAR,
        ChannelOrder.RGB,
        1 / 127.5,
        ones,
        ones,
        Alpha.WHITE);
  }

  private static Path genuineWeights(Path folder) throws IOException {
    String source = GENUINE.weights().sources().get(0).replace("classpath:", "");
    Path file = folder.resolve(GENUINE.weights().file());
    try (InputStream in = BackboneCatalog.class.getResourceAsStream(source)) {
      Files.copy(in, file);
    }
    return file;
  }

  private static Features network(BackboneCard card, Path weights) {
    return pictures -> {
      BackboneSpec spec =
          new BackboneSpec(card, "avgpool", Pooling.AVG, BATCH, weights, Precision.FP32);
      float[][] features = tensors(pictures, card.preprocessing());
      try (Backbone backbone = new OnnxBackboneLoader().load(spec)) {
        for (int from = 0; from < features.length; from += BATCH) {
          int to = Math.min(features.length, from + BATCH);
          float[][] batch = backbone.features(Arrays.copyOfRange(features, from, to));
          System.arraycopy(batch, 0, features, from, batch.length);
        }
      }
      return features;
    };
  }

  private static float[][] tensors(List<Picture> pictures, Preprocessing rule)
      throws IOException, RejectedException {
    ImagePreprocessor preprocessor =
        new ImagePreprocessor(PictureDecoder.of(1_000_000, rule.alpha(), JpegScaling.NONE), rule);
    float[][] tensors = new float[pictures.size()][];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = preprocessor.tensor(Files.readAllBytes(pictures.get(i).file));
    }
    return tensors;
  }

  /** The accuracy on the pictures that a linear head was not fitted on. */
  private static double probe(List<Picture> pictures, Features features)
      throws IOException, RejectedException {
    Labels labels = Labels.sorted(pictures.stream().map(Picture::label).toList());
    float[][] vectors = features.of(pictures);
    List<LabelledBlock> train = new ArrayList<>();
    List<LabelledBlock> test = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      Picture picture = pictures.get(i);
      float[] target = labels.encode(List.of(picture.label()));
      LabelledBlock row =
          new LabelledBlock(
              List.of(picture.key), vectors[i].length, labels.size(), vectors[i], target);
      (picture.isTest() ? test : train).add(row);
    }
    TrainingOptions options =
        new TrainingOptions(30, 32, 0.001, Updater.ADAM, 0.01, 0, ClassWeights.NONE, true, 1);
    TrainingPlan plan =
        new TrainingPlan(
            new HeadSpec.Linear(), labels, Output.SOFTMAX, options, Averaging.of(1, 4));
    TrainedHead head = LocalHeadTrainer.train(plan, train, List.of(), round -> {}).head();
    LossWeights uniform =
        LossWeights.of(ClassWeights.NONE, Output.SOFTMAX, ShardStatistics.of(train.iterator()));
    return Loss.of(head, uniform, test.iterator()).accuracy();
  }
}
