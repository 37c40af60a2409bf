package org.graft.spark;

import java.nio.charset.StandardCharsets;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Sample;

/**
 * The sample in a table's cell: its bytes, or text; where networks read no texts, text is a path.
 *
 * @param texts whether text is a sample, and no path
 * @param most bytes of one
 */
record CellSample(SampleReader reader, boolean texts, long most) {
  /**
   * @param cell bytes, text or null
   */
  Sample of(Object cell) {
    if (cell == null) {
      return new Sample("", "", CellSample::none);
    }
    boolean path = cell instanceof String && !texts;
    byte[] content =
        path
            ? null
            : cell instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) cell;
    String place = path ? (String) cell : "";
    SourceRow row = new SourceRow(place, null, null, content, null, 0, 0, null, null, null);
    return new Sample("", place, () -> reader.read(row, most));
  }

  private static byte[] none() throws RejectedException {
    throw new RejectedException(Reason.EMPTY, "it is null");
  }
}
