package org.graft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.CardSupport;
import org.graft.backbone.Cards;
import org.graft.backbone.FakeDriver;
import org.graft.backbone.Gpus;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.dl4j.Dl4jCuda;
import org.graft.engine.onnx.CudaProvider;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceKindTest {
  private static final BackboneSpec SPEC =
      new BackboneSpec(
          BackboneCatalog.card("resnet50.tv_in1k"),
          "avgpool",
          Pooling.AVG,
          8,
          Path.of("weights"),
          Precision.FP32);

  @TempDir Path folder;

  /** An engine that is built for cards. */
  private record Built(CardSupport support, boolean onCards) implements BackboneLoader {
    @Override
    public Backbone load(BackboneSpec spec) {
      throw new AssertionError("nothing is loaded to choose");
    }

    @Override
    public String engine() {
      return onCards ? "on cards" : "on the processor";
    }

    @Override
    public BackboneLoader forCards(long memory) {
      return new Built(support, true);
    }

    @Override
    public Optional<String> cardProblem(Gpus gpus) {
      return gpus == null
          ? Optional.empty()
          : gpus.cards().stream().map(support::problem).flatMap(Optional::stream).findFirst();
    }
  }

  private static final Built ONNX = new Built(CudaProvider.CARDS, false);
  private static final Built DL4J = new Built(Dl4jCuda.CARDS, false);

  private Cards cards(String... lines) {
    Gpus gpus = new FakeDriver(folder).gpus(lines);
    return new Cards.Here(() -> gpus);
  }

  private static Engine.Choice choose(DeviceKind kind, Cards cards, BackboneLoader... engines) {
    return kind.of(
        List.of(engines).stream().map(it -> new Engine.Choice(it, "")).toList(), SPEC, cards, 0);
  }

  private static String refusal(Cards cards, BackboneLoader... engines) {
    return assertThrows(UserError.class, () -> choose(DeviceKind.CUDA, cards, engines))
        .getMessage();
  }

  @Test
  void theProcessorIsTakenWithoutALookAtCards() {
    Cards none =
        new Cards.Here(
            () -> {
              throw new AssertionError("nobody asked for cards");
            });
    assertSame(ONNX, choose(DeviceKind.CPU, none, ONNX).loader());
  }

  @Test
  void eachCardGetsTheFirstEngineThatHasCodeForIt() {
    for (String card :
        List.of(FakeDriver.L4, FakeDriver.RTX, FakeDriver.H100, FakeDriver.BLACKWELL)) {
      Engine.Choice chosen = choose(DeviceKind.CUDA, cards(card), ONNX, DL4J);
      assertEquals(new Built(CudaProvider.CARDS, true), chosen.loader(), card);
    }
    Engine.Choice volta = choose(DeviceKind.AUTO, cards(FakeDriver.V100), ONNX, DL4J);
    assertEquals(new Built(Dl4jCuda.CARDS, true), volta.loader());
    assertEquals(
        "device auto: Tesla V100-SXM2-16GB (compute capability 7.0, driver 580.65.06)",
        volta.note());
    assertEquals(
        new Built(Dl4jCuda.CARDS, true),
        choose(DeviceKind.CUDA, cards(FakeDriver.OLD_DRIVER), ONNX, DL4J).loader());
  }

  @Test
  void whatWasAskedForIsRefusedAloud() {
    assertEquals(
        "Cannot run resnet50.tv_in1k on a card: ONNX Runtime's CUDA provider has no code for compute capability 7.0 (it has 7.5, 8.0 to 8.9, 9.0, 10.0, 12.0).",
        refusal(cards(FakeDriver.V100), ONNX));
    assertEquals(
        "Cannot run resnet50.tv_in1k on a card: ONNX Runtime's CUDA provider needs driver 580 or newer (got 550.54.15).",
        refusal(cards(FakeDriver.OLD_DRIVER), ONNX));
  }

  @Test
  void autoStaysOnTheProcessorAndSaysWhy() {
    Engine.Choice stays = choose(DeviceKind.AUTO, cards(FakeDriver.V100), ONNX);
    assertSame(ONNX, stays.loader());
    assertTrue(
        stays.note().startsWith("device auto stays on the processor: ONNX Runtime's"), stays::note);
    Gpus none = new Gpus(List.of(), "there is no nvidia-smi on the PATH");
    Engine.Choice silent = choose(DeviceKind.AUTO, new Cards.Here(() -> none), ONNX);
    assertSame(ONNX, silent.loader());
    assertEquals("", silent.note());
  }

  @Test
  void onAClusterItIsWhatSparkWasAskedFor() {
    Engine.Choice auto = choose(DeviceKind.AUTO, new Cards.AtExecutors(false), ONNX);
    assertSame(ONNX, auto.loader());
    assertTrue(
        auto.note().startsWith("device auto stays on the processor: Spark was asked for no cards."),
        auto.note());
    for (DeviceKind kind : List.of(DeviceKind.AUTO, DeviceKind.CUDA)) {
      assertTrue(choose(kind, new Cards.AtExecutors(true), ONNX).loader().onCards());
    }
    UserError unasked =
        assertThrows(
            UserError.class, () -> choose(DeviceKind.CUDA, new Cards.AtExecutors(false), ONNX));
    assertTrue(
        unasked
            .getMessage()
            .contains("Spark was asked for none. Add --conf spark.executor.resource"),
        unasked.getMessage());
  }

  @Test
  void theRealEnginesNameCardCapabilityDriverAndWhatToDo() {
    assertEquals(
        "Cannot run resnet50.tv_in1k on a card: NVIDIA H100 80GB HBM3 (compute capability 9.0, driver 580.65.06): ND4J CUDA 11.6 has no code for compute capability 9.0 (it has 3.7, 5.0 to 5.3, 6.0 to 6.2, 7.0 to 7.5, 8.0 to 8.9); engine onnx has it for later ones: set backbone.engine: onnx, or backbone.device: cpu.",
        refusal(cards(FakeDriver.H100), new Dl4jBackboneLoader()));
    if (!CudaProvider.isBuilt()) {
      assertEquals(
          "Cannot run resnet50.tv_in1k on a card: this build's ONNX Runtime has no CUDA provider (it has [CPU]). Build Graft by `mvn -Pgpu package`, or set backbone.device: cpu.",
          refusal(cards(FakeDriver.H100), new OnnxBackboneLoader()));
    }
    Gpus broken = Gpus.of(new FakeDriver(folder).answers("echo 'NVML: mismatch'; exit 18"));
    String said = refusal(new Cards.Here(() -> broken), new Dl4jBackboneLoader());
    assertTrue(
        said.contains("no card answers (" + folder) && said.contains("exit code 18, NVML"), said);
  }

  @Test
  void theProcessorsRecordsAreWhatTheyWere() {
    assertEquals("onnxruntime 1.28.0, compiler 2, threads 1", new OnnxBackboneLoader().engine());
    assertFalse(new OnnxBackboneLoader().onCards());
    assertEquals(
        "onnxruntime 1.28.0, compiler 2, cuda 13", new OnnxBackboneLoader().forCards(0).engine());
    assertEquals("dl4j 1.0.0-M2.1, cuda 11.6", new Dl4jBackboneLoader().forCards(0).engine());
  }
}
