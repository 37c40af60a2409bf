package org.graft.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.graft.head.LabelledBlock;

/** Blocks of one row, in their order, in blocks of many. */
final class RowBlocks implements Iterator<LabelledBlock> {
  private static final int BLOCK = 1024;

  /** Activations are wide: fewer rows then, for blocks of 64 MiB. */
  private static final int MOST_FLOATS = 1 << 24;

  private final Iterator<LabelledBlock> rows;

  RowBlocks(Iterator<LabelledBlock> rows) {
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public LabelledBlock next() {
    List<LabelledBlock> block = new ArrayList<>(List.of(rows.next()));
    int most = Math.max(1, Math.min(BLOCK, MOST_FLOATS / Math.max(1, block.get(0).width())));
    while (block.size() < most && rows.hasNext()) {
      block.add(rows.next());
    }
    return LabelledBlock.joined(block).orElseThrow(NoSuchElementException::new);
  }
}
