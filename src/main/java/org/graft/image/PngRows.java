package org.graft.image;

import java.util.zip.Inflater;
import org.graft.sample.RejectedException;

/** Undoes filters and interlacing. */
final class PngRows implements AutoCloseable {
  /** Where a row's pixels go: pixel {@code i} to column {@code x + i * stepX} of row {@code y}. */
  interface Painter {
    void paint(byte[] row, int pixels, int x, int stepX, int y) throws RejectedException;
  }

  /** Adam7: first column, first row, and both steps, a pass. */
  private static final int[][] PASSES = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

  private final PngHeader header;
  private final PngData data;
  private final Inflater inflater = new Inflater();

  PngRows(PngHeader header, PngData data) {
    this.header = header;
    this.data = data;
  }

  void forEach(Painter painter) throws RejectedException {
    for (int[] pass : header.interlaced() ? PASSES : ONE_PASS) {
      int pixels = (header.width() - pass[0] + pass[2] - 1) / pass[2];
      if (pixels > 0) {
        readPass(pass, pixels, painter);
      }
    }
  }

  private void readPass(int[] pass, int pixels, Painter painter) throws RejectedException {
    int length = header.rowBytes(pixels);
    byte[] above = new byte[length];
    byte[] row = new byte[length];
    byte[] filter = new byte[1];
    for (int y = pass[1]; y < header.height(); y += pass[3]) {
      data.readFully(inflater, filter, 1);
      data.readFully(inflater, row, length);
      unfilter(filter[0], row, above);
      painter.paint(row, pixels, pass[0], pass[2], y);
      byte[] swap = above;
      above = row;
      row = swap;
    }
  }

  private void unfilter(int filter, byte[] row, byte[] above) throws RejectedException {
    PngReader.require(filter >= 0 && filter <= 4, "has a row with an unknown filter");
    int step = header.pixelBytes();
    for (int i = 0; i < row.length && filter != 0; i++) {
      int left = i < step ? 0 : row[i - step] & 0xff;
      int up = above[i] & 0xff;
      row[i] +=
          (byte)
              switch (filter) {
                case 1 -> left;
                case 2 -> up;
                case 3 -> (left + up) / 2;
                default -> paeth(left, up, i < step ? 0 : above[i - step] & 0xff);
              };
    }
  }

  private static int paeth(int left, int up, int upLeft) {
    int toLeft = Math.abs(up - upLeft);
    int toUp = Math.abs(left - upLeft);
    int toUpLeft = Math.abs(left + up - 2 * upLeft);
    if (toLeft <= toUp && toLeft <= toUpLeft) {
      return left;
    }
    return toUp <= toUpLeft ? up : upLeft;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
