package org.graft.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What this machine is. */
public final class Machine {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** Names and values, in the order to print them. */
  public static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", processor());
    facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("jvm", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("graft", Version.graft());
    return facts;
  }

  /** As the system calls it; elsewhere than on Linux only the architecture is known. */
  public static String processor() {
    String architecture = System.getProperty("os.arch");
    try {
      if (Files.isReadable(CPUINFO)) {
        return architecture + ", " + processor(Files.readString(CPUINFO));
      }
    } catch (IOException e) {
      return architecture; // a sandbox may forbid it, and nothing depends on it
    }
    return architecture;
  }

  /** Name, family and model, and the instructions that networks care for. */
  static String processor(String cpuinfo) {
    String flags = " " + field(cpuinfo, "flags") + " ";
    StringBuilder text = new StringBuilder(field(cpuinfo, "model name"));
    text.append(" (family ").append(field(cpuinfo, "cpu family"));
    text.append(", model ").append(field(cpuinfo, "model")).append(")");
    for (String flag : new String[] {"avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8"}) {
      if (flags.contains(" " + flag + " ")) {
        text.append(' ').append(flag);
      }
    }
    return text.toString();
  }

  private static String field(String cpuinfo, String name) {
    return cpuinfo
        .lines()
        .map(line -> line.split("\\s*:\\s*", 2))
        .filter(pair -> pair.length == 2 && pair[0].equals(name))
        .map(pair -> pair[1])
        .findFirst()
        .orElse("unknown");
  }
}
