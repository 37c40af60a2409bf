package org.nd4j.nativeblas;

/**
 * A bridge, not a binding. DL4J 1.0.0-M2.1 asks {@code org.nd4j.nativeblas.Nd4jCpu$Environment}, by
 * reflection, whether oneDNN may be used; ND4J moved that class to another package and so DL4J's
 * oneDNN layers are never used: convolutions are then four to seven times slower. This class stands
 * where DL4J looks and passes the question on.
 */
public final class Nd4jCpu {
  private Nd4jCpu() {}

  /** The two methods that DL4J's {@code BaseMKLDNNHelper} calls. */
  public static final class Environment {
    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    public static Environment getInstance() {
      return INSTANCE;
    }

    public boolean isUseMKLDNN() {
      return org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.Environment.getInstance().isUseONEDNN();
    }
  }
}
