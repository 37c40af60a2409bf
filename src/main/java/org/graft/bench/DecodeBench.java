package org.graft.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.graft.backbone.BackboneCard;
import org.graft.bench.BenchRecord.What;
import org.graft.image.ImageDecoder;
import org.graft.image.ImageIoDecoder;
import org.graft.image.ImagePreprocessor;
import org.graft.image.JpegScaling;
import org.graft.image.PictureDecoder;
import org.graft.image.Preprocessing;
import org.graft.image.RgbImage;
import org.graft.sample.RejectedException;

/** A JPEG file to a network's input, and its two halves: the codec, and all that comes after it. */
final class DecodeBench {
  /** Makes 4000 x 3000. */
  private static final int TILES = 8;

  private final Rounds rounds;
  private final List<Integer> threads;

  DecodeBench(Rounds rounds, List<Integer> threads) {
    this.rounds = rounds;
    this.threads = threads;
  }

  /** What a record needs beside its rate. */
  private record Stage(ImageDecoder decoder, String name, String picture, int threads) {}

  List<BenchRecord> run(String backbone, BackboneCard card, List<byte[]> pictures)
      throws IOException {
    Preprocessing how = card.preprocessing();
    ImageDecoder decoder = BenchBackbone.decoder(card);
    ImageDecoder jdk = new ImageIoDecoder(BenchBackbone.MAX_PIXELS, how.alpha());
    ImageDecoder draft =
        PictureDecoder.of(BenchBackbone.MAX_PIXELS, how.alpha(), JpegScaling.DRAFT);
    List<byte[]> large =
        List.of(BenchPictures.tiled(BenchPictures.WIDTH, BenchPictures.HEIGHT, TILES, 0));
    Map<Contender, Stage> stages = new LinkedHashMap<>();
    for (int count : threads) {
      add(stages, decoder, "all", pictures, count, all(decoder, how));
      add(stages, decoder, "codec", pictures, count, decoder::decode);
      add(stages, decoder, "resize", pictures, count, all(Decoded.of(decoder, pictures), how));
      add(stages, jdk, "all", pictures, count, all(jdk, how));
      add(stages, decoder, "all", large, count, all(decoder, how));
      add(stages, draft, "all", large, count, all(draft, how));
    }
    Map<Contender, List<Timing>> timings = rounds.run(new ArrayList<>(stages.keySet()));
    List<BenchRecord> records = new ArrayList<>();
    stages.forEach(
        (contender, stage) -> records.add(record(backbone, stage, timings.get(contender))));
    return records;
  }

  private static Step all(ImageDecoder decoder, Preprocessing how) {
    return new ImagePreprocessor(decoder, how)::tensor;
  }

  private static void add(
      Map<Contender, Stage> stages,
      ImageDecoder decoder,
      String name,
      List<byte[]> pictures,
      int threads,
      Step step)
      throws IOException {
    Stage stage = new Stage(decoder, name, BenchPictures.size(pictures.get(0)), threads);
    String title = "decode %s %s %s".formatted(stage.picture(), engine(decoder), name);
    stages.put(new Contender(title, threads, 1, inTurn(pictures, step)), stage);
  }

  /** What is done with one picture. */
  private interface Step {
    Object of(byte[] picture) throws RejectedException;
  }

  private static Contender.Work inTurn(List<byte[]> pictures, Step step) {
    AtomicInteger next = new AtomicInteger();
    return () -> step.of(pictures.get(Math.floorMod(next.getAndIncrement(), pictures.size())));
  }

  /** Gives one picture's pixels for whatever bytes: so the rest is measured without the codec. */
  private record Decoded(RgbImage image) implements ImageDecoder {
    static Decoded of(ImageDecoder decoder, List<byte[]> pictures) {
      try {
        return new Decoded(decoder.decode(pictures.get(0)));
      } catch (RejectedException e) {
        throw new IllegalStateException("a picture to measure with cannot be decoded", e);
      }
    }

    @Override
    public RgbImage decode(byte[] content) {
      return image;
    }

    @Override
    public String version() {
      return "decoded";
    }
  }

  /** The library's name, which the version begins with. */
  private static String engine(ImageDecoder decoder) {
    String version = decoder.version();
    String name = version.replaceFirst("-[0-9].*", "");
    return version.contains("draft") ? name + "-draft" : name;
  }

  private static BenchRecord record(String backbone, Stage stage, List<Timing> timings) {
    Rate rate = Rate.median(timings);
    return new BenchRecord(
        What.DECODE,
        backbone,
        engine(stage.decoder()),
        "uint8",
        1,
        stage.threads(),
        rate.perSecond(),
        rate.perCpuSecond(),
        null,
        Map.of(
            "decoder",
            stage.decoder().version(),
            "stage",
            stage.name(),
            "picture",
            stage.picture(),
            "rounds",
            timings.size()));
  }
}
