package org.graft.job;

import org.graft.backbone.Precision;
import org.graft.common.Problems;
import org.graft.spark.PrecisionOptions;

/**
 * The numbers that the frozen network computes in. {@code precision: int8} is short for its kind.
 */
public sealed interface PrecisionConfig
    permits PrecisionConfig.Fp32, PrecisionConfig.Tf32, PrecisionConfig.Fp16, PrecisionConfig.Int8 {
  PrecisionConfig DEFAULTS = new Fp32();

  /** IEEE single precision. */
  record Fp32() implements PrecisionConfig {}

  /** On cards only: see {@link Precision#TF32}. */
  record Tf32() implements PrecisionConfig {}

  /** On cards only: see {@link Precision#FP16}. */
  record Fp16() implements PrecisionConfig {}

  /** See {@link PrecisionOptions}. */
  record Int8(int calibration, int probe, double tolerance) implements PrecisionConfig, Checked {
    static final Int8 DEFAULTS = new Int8(256, 2000, 0.01);
    private static final int FEWEST = 16;

    @Override
    public void check(Problems problems, String path) {
      problems.check(
          calibration > 0 && calibration <= 10_000,
          "'%scalibration' is %d: it must be 1 to 10000",
          path,
          calibration);
      problems.check(
          probe >= FEWEST && probe <= 1_000_000,
          "'%sprobe' is %d: it must be %d to 1000000",
          path,
          probe,
          FEWEST);
      problems.check(
          tolerance >= 0 && tolerance <= 1,
          "'%stolerance' is %s: it must be 0 to 1 (0.01 is one point of accuracy)",
          path,
          tolerance);
    }

    PrecisionOptions options() {
      return new PrecisionOptions(calibration, probe, tolerance);
    }
  }
}
