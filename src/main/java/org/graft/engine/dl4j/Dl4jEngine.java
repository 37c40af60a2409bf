package org.graft.engine.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.function.Supplier;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.mkldnn.BaseMKLDNNHelper;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** DL4J and ND4J as Graft wants them: oneDNN's convolutions, and one thread a computation. */
final class Dl4jEngine {
  private static final String POM = "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/";

  private Dl4jEngine() {}

  /**
   * For the whole process; to be called before the first layer is made, since layers ask for oneDNN
   * once. Whoever wants DL4J's own convolutions says so by the system property.
   */
  static synchronized void prepare() {
    if (System.getProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY) == null) {
      System.setProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY, "false");
    }
    useOneThread();
  }

  /**
   * Makes layers that compute as DL4J does when nobody asks it for more: layers ask for oneDNN
   * once, in their constructors.
   */
  static synchronized <T> T withoutOneDnn(Supplier<T> maker) {
    String before = System.getProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY);
    System.setProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY, "true");
    try {
      return maker.get();
    } finally {
      if (before == null) {
        System.clearProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY);
      } else {
        System.setProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY, before);
      }
    }
  }

  /** Makes layers that compute as {@link #prepare} wants it, while nobody wants it otherwise. */
  static synchronized <T> T withOneDnn(Supplier<T> maker) {
    prepare();
    return maker.get();
  }

  /**
   * Tasks are the parallelism: more threads inside one would compete with the others, and could add
   * in another order. OpenMP counts for each calling thread, so each one has to ask.
   */
  static void useOneThread() {
    Nd4j.getEnvironment().setMaxThreads(1);
    Nd4j.getEnvironment().setMaxMasterThreads(1);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    Nd4j.factory().blas().setMaxThreads(1);
  }

  /** Equal records, equal features, on the same kind of processor. */
  static String record(boolean stock) {
    boolean oneDnn =
        !stock
            && !Boolean.parseBoolean(
                System.getProperty(
                    DL4JSystemProperties.DISABLE_HELPER_PROPERTY,
                    DL4JSystemProperties.HELPER_DISABLE_DEFAULT_VALUE))
            && BaseMKLDNNHelper.mklDnnEnabled();
    return "dl4j %s, onednn %s, blas %s, threads 1"
        .formatted(version(), oneDnn ? "on" : "off", Nd4j.factory().blas().getBlasVendor());
  }

  static String version() {
    Properties pom = new Properties();
    try (InputStream in = ComputationGraph.class.getResourceAsStream(POM + "pom.properties")) {
      if (in != null) {
        pom.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pom.getProperty("version", "unknown");
  }
}
