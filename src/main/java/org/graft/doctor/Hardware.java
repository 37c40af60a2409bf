package org.graft.doctor;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.graft.common.Machine;

/** Processor, memory and what the system lets a process have. */
final class Hardware {
  private static final long MIB = 1 << 20;

  /** A network's weights and what it computes with, off the heap, at the least. */
  private static final long BESIDE_HEAP = 1024 * MIB;

  private static final long LEAST_HEAP = 512 * MIB;
  private static final long LEAST_FILES = 4096;

  private Hardware() {}

  static Finding processor() {
    return processor(Machine.processor(), Runtime.getRuntime().availableProcessors());
  }

  static Finding processor(String text, int cores) {
    String value = text + ", " + cores + (cores == 1 ? " core" : " cores");
    boolean old = text.startsWith("amd64") && !text.contains("avx2");
    return old
        ? Finding.warning(
            "processor",
            value,
            "Without AVX2 networks take several times as long: use a machine that has it, or let the virtual machine see its host's processor.")
        : Finding.ok("processor", value);
  }

  static Finding threads(String openMp) {
    return openMp.equals("1")
        ? Finding.ok("threads a call", openMp)
        : Finding.warning(
            "threads a call",
            openMp.isEmpty() ? "OMP_NUM_THREADS is not set" : "OMP_NUM_THREADS is " + openMp,
            "Tasks are the parallelism, and sums must not depend on the machine: set OMP_NUM_THREADS=1 (executors: spark.executorEnv.OMP_NUM_THREADS).");
  }

  static Finding memory() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return memory(Runtime.getRuntime().maxMemory(), system.getTotalMemorySize());
  }

  /**
   * @param heap at most
   * @param total of the machine, or of the container; bytes
   */
  static Finding memory(long heap, long total) {
    String value = "heap of %d MiB, %d MiB in all".formatted(heap / MIB, total / MIB);
    if (heap < LEAST_HEAP) {
      return Finding.warning(
          "memory",
          value,
          "Give the heap %d MiB or more: GRAFT_DRIVER_MEMORY, or --executor-memory."
              .formatted(LEAST_HEAP / MIB));
    }
    return total - heap < BESIDE_HEAP
        ? Finding.warning(
            "memory",
            value,
            "Networks lie beside the heap and need %d MiB or more: lower GRAFT_DRIVER_MEMORY or --executor-memory, or take a larger machine or container."
                .formatted(BESIDE_HEAP / MIB))
        : Finding.ok("memory", value);
  }

  static Finding files() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? files(unix.getMaxFileDescriptorCount())
        : Finding.ok("open files", "unknown on this system");
  }

  static Finding files(long limit) {
    return limit >= LEAST_FILES
        ? Finding.ok("open files", "at most " + limit)
        : Finding.warning(
            "open files",
            "at most " + limit,
            "A shuffle may need more: raise it to %d or more (ulimit -n, LimitNOFILE of systemd)."
                .formatted(LEAST_FILES));
  }
}
