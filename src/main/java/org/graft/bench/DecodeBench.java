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
  private record Stage(String name, String picture, int threads) {}

  List<BenchRecord> run(String backbone, BackboneCard card, List<byte[]> pictures)
      throws IOException {
    ImageDecoder decoder =
        new ImageIoDecoder(BenchBackbone.MAX_PIXELS, card.preprocessing().alpha());
    List<byte[]> large =
        List.of(BenchPictures.tiled(BenchPictures.WIDTH, BenchPictures.HEIGHT, TILES, 0));
    Map<Contender, Stage> stages = new LinkedHashMap<>();
    for (int count : threads) {
      add(stages, card, decoder, pictures, count, List.of("all", "codec", "resize"));
      add(stages, card, decoder, large, count, List.of("all"));
    }
    Map<Contender, List<Timing>> timings = rounds.run(new ArrayList<>(stages.keySet()));
    List<BenchRecord> records = new ArrayList<>();
    stages.forEach(
        (contender, stage) ->
            records.add(record(backbone, decoder, stage, timings.get(contender))));
    return records;
  }

  private static void add(
      Map<Contender, Stage> stages,
      BackboneCard card,
      ImageDecoder decoder,
      List<byte[]> pictures,
      int threads,
      List<String> wanted)
      throws IOException {
    String picture = BenchPictures.size(pictures.get(0));
    ImagePreprocessor all = new ImagePreprocessor(decoder, card.preprocessing());
    Decoded decoded = Decoded.of(decoder, pictures.get(0));
    ImagePreprocessor rest = new ImagePreprocessor(decoded, card.preprocessing());
    Map<String, Contender.Work> works = new LinkedHashMap<>();
    works.put("all", inTurn(pictures, all::tensor));
    works.put("codec", inTurn(pictures, decoder::decode));
    works.put("resize", inTurn(pictures, rest::tensor));
    for (String name : wanted) {
      String title = "decode %s %s".formatted(picture, name);
      stages.put(
          new Contender(title, threads, 1, works.get(name)), new Stage(name, picture, threads));
    }
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
    static Decoded of(ImageDecoder decoder, byte[] picture) {
      try {
        return new Decoded(decoder.decode(picture));
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

  private static BenchRecord record(
      String backbone, ImageDecoder decoder, Stage stage, List<Timing> timings) {
    Rate rate = Rate.median(timings);
    return new BenchRecord(
        What.DECODE,
        backbone,
        decoder.version().split("-", 2)[0],
        "uint8",
        1,
        stage.threads(),
        rate.perSecond(),
        rate.perCpuSecond(),
        null,
        Map.of(
            "decoder",
            decoder.version(),
            "stage",
            stage.name(),
            "picture",
            stage.picture(),
            "rounds",
            timings.size()));
  }
}
