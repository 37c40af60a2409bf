package org.graft;

import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.evaluate.Evaluation;
import org.graft.head.TrainingPlan;
import org.graft.sample.SampleSource;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Calibration;
import org.graft.spark.ExtractOptions;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.Iterators;
import org.graft.spark.PrecisionOptions;
import org.graft.spark.PrecisionReport;
import org.graft.spark.Probe;
import org.graft.spark.Probe.Cosines;
import org.graft.spark.Progress;
import org.graft.spark.Session;

/** Makes an int8 network of a float32 one, and measures on the user's own samples what it loses. */
final class Quantizing {
  private final Graft graft;
  private final Session session;
  private final Progress progress;
  private final Index index;
  private final SampleSource source;
  private final ExtractOptions extract;
  private final PrecisionOptions options;

  Quantizing(
      Graft graft,
      Session session,
      Progress progress,
      Index index,
      SampleSource source,
      ExtractOptions extract,
      PrecisionOptions options) {
    this.graft = graft;
    this.session = session;
    this.progress = progress;
    this.index = index;
    this.source = source;
    this.extract = extract.plain();
    this.options = options;
  }

  Quantized of(BackboneChoice fp32, TrainingPlan plan) throws IOException {
    check(fp32);
    ActivationRanges ranges = ranges(fp32);
    BackboneChoice int8 = fp32.in(Precision.int8(ranges));
    return new Quantized(int8, compared(fp32, int8, ranges, plan));
  }

  /**
   * @throws UserError if it cannot be run in int8
   */
  static void check(BackboneChoice fp32) {
    if (!(fp32.loader() instanceof OnnxBackboneLoader)) {
      throw new UserError(
          "Cannot run %s in int8: only the onnx engine can, and this network is run by %s. Set precision: fp32, or backbone.engine: onnx to see why it cannot be compiled."
              .formatted(fp32.spec().card().name(), fp32.loader().engine()));
    }
  }

  private ActivationRanges ranges(BackboneChoice fp32) throws IOException {
    return fp32.spec().card().text() == null
        ? Calibration.kept(session, graft.workspace(), fp32, extract, () -> calibrated(fp32))
        : ActivationRanges.NONE;
  }

  private ActivationRanges calibrated(BackboneChoice fp32) throws IOException {
    AtomicLong done = new AtomicLong();
    try (Progress.Step step = progress.start("calibrate", options.calibration(), done::get)) {
      Iterator<float[]> inputs =
          Calibration.inputs(session, index, source, fp32, extract, options.calibration());
      ActivationRanges ranges =
          OnnxBackboneLoader.calibrate(
              fp32.spec(),
              () ->
                  Iterators.map(
                      inputs,
                      input -> {
                        done.incrementAndGet();
                        return input;
                      }));
      step.done();
      return ranges;
    }
  }

  /** Both networks on the probe, and the same head on the features of each. */
  private PrecisionReport compared(
      BackboneChoice fp32, BackboneChoice int8, ActivationRanges ranges, TrainingPlan plan)
      throws IOException {
    Index probe = Probe.index(index, ranges.areNone() ? 0 : options.calibration(), options.probe());
    Features before = graft.extract("probe-fp32", probe, source, fp32, extract);
    Features after = graft.extract("probe-int8", probe, source, int8, extract);
    Cosines cosines = Probe.cosines(probe, before, after);
    TrainingPlan probing = plan.probing();
    Evaluation fp32Head = evaluated(probe, before, probing);
    return new PrecisionReport(
        int8.spec().precision().name(),
        ranges.samples(),
        ranges.sha256(),
        cosines.mean(),
        cosines.least(),
        cosines.samples() - fp32Head.samples(),
        fp32Head.samples(),
        fp32Head.headline(),
        evaluated(probe, after, probing).headline(),
        options.tolerance());
  }

  private Evaluation evaluated(Index probe, Features features, TrainingPlan plan)
      throws IOException {
    return graft.evaluate(
        probe, features, graft.train(probe, features, plan, round -> {}).training().head(), 1);
  }
}
