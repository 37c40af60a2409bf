package org.graft.job;

import java.util.List;
import org.graft.DeviceKind;
import org.graft.common.Location;
import org.graft.common.Problems;
import org.graft.sample.DayRange;
import org.graft.sample.SampleSource;

/**
 * A scoring job. conf/score.yaml shows every key.
 *
 * @param bundle folder of a published version, or of a model: then its latest version
 * @param output folder for the predictions, as Parquet
 * @param topK labels that are listed for each sample
 * @param device where the network computes
 * @param trustedKeys files of public keys, one of which must have signed the bundle; none: any
 *     bundle is opened
 */
public record ScoreConfig(
    @Location String bundle,
    SampleSource source,
    DayRange partitions,
    @Location String output,
    int topK,
    PlainExtractConfig extract,
    LimitsConfig limits,
    DriftConfig drift,
    DeviceKind device,
    @Location List<String> trustedKeys)
    implements Checked {
  static final ScoreConfig DEFAULTS =
      new ScoreConfig(null, null, null, null, 5, null, null, null, DeviceKind.CPU, List.of());

  @Override
  public void check(Problems problems, String path) {
    JobChecks.days(problems, partitions);
    problems.check(topK > 0, "'topK' is %d: it must be at least 1", topK);
    problems.check(!output.isEmpty(), "'output' is empty: name a folder");
    problems.check(!bundle.isEmpty(), "'bundle' is empty: name a published bundle's folder");
  }

  /** As {@link ExtractConfig}, for pictures as they are. */
  public record PlainExtractConfig(int partitions, int readers) implements Checked {
    static final PlainExtractConfig DEFAULTS = new PlainExtractConfig(0, 4);

    @Override
    public void check(Problems problems, String path) {
      new ExtractConfig(partitions, readers, 1).check(problems, path);
    }
  }
}
