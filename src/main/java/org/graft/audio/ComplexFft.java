package org.graft.audio;

/**
 * Discrete Fourier transforms of complex values, of one length, several at once. Values are a table
 * of rows and columns (Bailey, FFTs in external or hierarchical memory, 1990): columns are
 * transformed, turned, transposed and transformed again. So all arithmetic is of whole rows, 64
 * values or more, which the JVM makes vector instructions of. Immutable.
 */
final class ComplexFft {
  private static final int LANES = 64;

  private final int count;
  private final int rows;
  private final int columns;
  private final int together;

  /** {@code cos} and {@code -sin} of {@code 2 pi k / count}. */
  private final double[] cosine;

  private final double[] sine;

  /** Those of {@code k = row * column}, for each of the transforms. */
  private final double[][] turnCosine;

  private final double[][] turnSine;

  /**
   * @param count a power of two, of at least 8
   * @param together how many transforms are made at once; 0: as many as is fastest
   */
  ComplexFft(int count, int together) {
    this.count = count;
    rows = 1 << Integer.numberOfTrailingZeros(count) / 2;
    columns = count / rows;
    this.together = together > 0 ? together : Math.max(1, LANES / rows);
    cosine = new double[count];
    sine = new double[count];
    for (int k = 0; k < count; k++) {
      cosine[k] = StrictMath.cos(2 * Math.PI * k / count);
      sine[k] = -StrictMath.sin(2 * Math.PI * k / count);
    }
    turnCosine = new double[rows][this.together * columns];
    turnSine = new double[rows][this.together * columns];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < this.together * columns; i++) {
        turnCosine[row][i] = cosine[row * (i % columns)];
        turnSine[row][i] = sine[row * (i % columns)];
      }
    }
  }

  /** How many transforms are made at once. */
  int together() {
    return together;
  }

  /** What one thread computes in. */
  Table table() {
    return new Table();
  }

  /** Where a transform's {@code k}-th value is found when all is done. */
  private static int reversed(int k, int length) {
    return Integer.reverse(k) >>> (Integer.numberOfLeadingZeros(length) + 1);
  }

  /** {@code together} transforms side by side. */
  final class Table {
    private final double[][] re = new double[rows][together * columns];
    private final double[][] im = new double[rows][together * columns];
    private final double[][] turnedRe = new double[columns][together * rows];
    private final double[][] turnedIm = new double[columns][together * rows];

    /** Values of one transform: {@code count} from each array. */
    void put(int which, double[] re, int reFrom, double[] im, int imFrom) {
      for (int row = 0; row < rows; row++) {
        System.arraycopy(re, reFrom + row * columns, this.re[row], which * columns, columns);
        System.arraycopy(im, imFrom + row * columns, this.im[row], which * columns, columns);
      }
    }

    /** All values times a factor of their place in their transform. */
    void multiply(double[][] reFactors, double[][] imFactors) {
      for (int row = 0; row < rows; row++) {
        product(re[row], reFactors[row]);
        product(im[row], imFactors[row]);
      }
    }

    /** Forward, without a factor. */
    void transform() {
      transformColumns(re, im);
      for (int row = 0; row < rows; row++) {
        int at = reversed(row, rows);
        turn(re[at], im[at], turnCosine[row], turnSine[row]);
      }
      transpose(re, turnedRe);
      transpose(im, turnedIm);
      transformColumns(turnedRe, turnedIm);
    }

    /**
     * @param re receives the real parts of one transform
     * @param im receives its imaginary parts
     */
    void get(int which, double[] re, double[] im) {
      for (int row = 0; row < columns; row++) {
        int from = reversed(row, columns);
        System.arraycopy(turnedRe[from], which * rows, re, row * rows, rows);
        System.arraycopy(turnedIm[from], which * rows, im, row * rows, rows);
      }
    }
  }

  /** For {@link Table#multiply}: every second one of {@code values}, zeros behind them. */
  double[][] factors(double[] values, int first) {
    double[][] factors = new double[rows][together * columns];
    for (int i = 0; i < rows * together * columns; i++) {
      int row = i / (together * columns);
      int lane = i % (together * columns);
      int at = 2 * (row * columns + lane % columns) + first;
      factors[row][lane] = at < values.length ? values[at] : 0;
    }
    return factors;
  }

  /** Radix 2, decimation in frequency: rows come out in the order of their reversed bits. */
  private void transformColumns(double[][] re, double[][] im) {
    for (int span = re.length / 2; span > 0; span /= 2) {
      for (int start = 0; start < re.length; start += 2 * span) {
        for (int k = 0; k < span; k++) {
          int turn = count / (2 * span) * k;
          int a = start + k;
          int b = a + span;
          butterfly(re[a], im[a], re[b], im[b], cosine[turn], sine[turn]);
        }
      }
    }
  }

  private static void butterfly(
      double[] re, double[] im, double[] otherRe, double[] otherIm, double cosine, double sine) {
    for (int i = 0; i < re.length; i++) {
      double lessRe = re[i] - otherRe[i];
      double lessIm = im[i] - otherIm[i];
      re[i] += otherRe[i];
      im[i] += otherIm[i];
      otherRe[i] = lessRe * cosine - lessIm * sine;
      otherIm[i] = lessRe * sine + lessIm * cosine;
    }
  }

  private static void turn(double[] re, double[] im, double[] cosine, double[] sine) {
    for (int i = 0; i < re.length; i++) {
      double turned = re[i] * cosine[i] - im[i] * sine[i];
      im[i] = re[i] * sine[i] + im[i] * cosine[i];
      re[i] = turned;
    }
  }

  private static void product(double[] values, double[] factors) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factors[i];
    }
  }

  /** Each transform's table, two rows at a time. */
  private void transpose(double[][] from, double[][] to) {
    for (int row = 0; row < rows; row += 2) {
      double[] first = from[reversed(row, rows)];
      double[] second = from[reversed(row + 1, rows)];
      for (int which = 0; which < together; which++) {
        int at = which * rows + row;
        int source = which * columns;
        for (int column = 0; column < columns; column++) {
          double[] turned = to[column];
          turned[at] = first[source + column];
          turned[at + 1] = second[source + column];
        }
      }
    }
  }
}
