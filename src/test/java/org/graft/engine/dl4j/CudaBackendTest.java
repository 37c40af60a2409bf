package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Device;
import org.graft.backbone.FakeDriver;
import org.graft.backbone.Gpus;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Rows;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build of {@code -Pcuda}: mvn verify -Pcuda. What needs a card runs where there is one. */
@Tag("cuda")
class CudaBackendTest {
  private static final Gpus HERE = Gpus.of(System.getenv());
  private static final BackboneSpec SPEC =
      new BackboneSpec(
          BackboneCatalog.card("resnet50.tv_in1k"),
          "avgpool",
          Pooling.AVG,
          8,
          Path.of("weights"),
          Precision.FP32);

  @TempDir Path folder;

  private static Training trained() {
    List<LabelledBlock> rows = Rows.of(120, 16, 3);
    TrainingOptions options =
        new TrainingOptions(8, 8, 0.05, Updater.ADAM, 1e-4, 100, ClassWeights.NONE, true, 1);
    TrainingPlan plan =
        new TrainingPlan(
            new HeadSpec.Linear(), Rows.labels(3), Output.SOFTMAX, options, Averaging.of(2, 2));
    return LocalHeadTrainer.train(plan, rows, List.of(), round -> {});
  }

  @Test
  void theBackendIsInTheBuildAndHeadsTrainByWhatNd4jChose() {
    assertTrue(Dl4jCuda.isBuilt());
    int rounds = trained().history().rounds().size();
    System.out.println(rounds + " rounds of averaging by ND4J's " + Dl4jCuda.backend());
    assertTrue(rounds > 0);
    boolean served =
        !HERE.cards().isEmpty() && HERE.cards().stream().allMatch(Dl4jCuda.CARDS::hasCode);
    assertEquals(served ? "JCublasBackend" : "CpuBackend", Dl4jCuda.backend());
  }

  @Test
  void withoutACardANetworkIsRefusedWithTheReason() {
    assumeTrue(HERE.cards().isEmpty());
    var loader = new Dl4jBackboneLoader().forCards(0);
    String said =
        assertThrows(UserError.class, () -> loader.load(SPEC, Device.cuda(0))).getMessage();
    System.out.println("no card answers: " + said);
    assertEquals(
        "Cannot run resnet50.tv_in1k by DL4J on a card: no card answers (%s). See what nvidia-smi prints, or set backbone.device: cpu."
            .formatted(HERE.problem()),
        said);
    assertEquals(
        "ND4J took its backend CpuBackend. See its own message in the log, and whether CUDA 11 and cuDNN 8 are here; or set backbone.device: cpu",
        loader.cardProblem(new FakeDriver(folder).gpus(FakeDriver.L4)).orElseThrow());
    assertTrue(
        loader
            .cardProblem(new FakeDriver(folder).gpus(FakeDriver.H100))
            .orElseThrow()
            .contains("ND4J CUDA 11.6 has no code for compute capability 9.0"));
    assertEquals(
        "no card answers (there is no nvidia-smi on the PATH). See what nvidia-smi prints, or set backbone.device: cpu",
        loader.cardProblem(Gpus.of(Map.of("PATH", "/nowhere"))).orElseThrow());
  }

  @Test
  void oneCardAProcessIsAllThatNd4jCanKeepApart() {
    assumeFalse(HERE.cards().size() == 1);
    String said =
        assertThrows(
                UserError.class,
                () -> new Dl4jBackboneLoader().forCards(0).load(SPEC, Device.cuda(1)))
            .getMessage();
    assertTrue(said.contains("Set CUDA_VISIBLE_DEVICES so that each executor sees one"), said);
  }
}
