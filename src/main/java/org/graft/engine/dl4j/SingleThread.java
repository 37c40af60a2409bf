package org.graft.engine.dl4j;

import java.util.function.Supplier;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds BLAS and ND4J's own loops to one thread each while anybody needs it: how a matrix product
 * is cut for threads shows in its last bits, and heads must not depend on {@code OMP_NUM_THREADS}.
 *
 * <p>Static because the setting is: it is one for the process. Whatever else computes there at the
 * time is slower, not wrong.
 */
final class SingleThread {
  private static int running;
  private static int blasThreads;
  private static int loopThreads;

  private SingleThread() {}

  static <T> T run(Supplier<T> action) {
    enter();
    try {
      return action.get();
    } finally {
      leave();
    }
  }

  private static synchronized void enter() {
    if (running++ == 0) {
      blasThreads = Nd4j.factory().blas().getMaxThreads();
      loopThreads = Nd4j.getEnvironment().maxMasterThreads();
      set(1, 1);
    }
  }

  private static synchronized void leave() {
    if (--running == 0) {
      set(blasThreads, loopThreads);
    }
  }

  private static void set(int blas, int loops) {
    Nd4j.factory().blas().setMaxThreads(blas);
    Nd4j.getEnvironment().setMaxMasterThreads(loops);
  }
}
