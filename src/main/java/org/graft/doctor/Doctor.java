package org.graft.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.graft.weights.Downloads;

/** All looks, in the order to print them. None of them changes anything that stays. */
public final class Doctor {
  private Doctor() {}

  /**
   * What a machine that computes needs, the driver's or an executor's.
   *
   * @param environment usually {@link System#getenv()}
   */
  public static List<Finding> machine(Map<String, String> environment) {
    List<Finding> all = new ArrayList<>();
    all.add(JavaRuntime.version(Runtime.version().feature(), System.getProperty("java.home")));
    all.add(JavaRuntime.opened());
    all.add(JavaRuntime.names(System.getProperty("sun.jnu.encoding")));
    all.add(Hardware.processor());
    all.add(Hardware.threads(environment.getOrDefault("OMP_NUM_THREADS", "")));
    all.add(Hardware.memory());
    all.add(Hardware.files());
    all.add(Folders.temporary(Path.of(System.getProperty("java.io.tmpdir"))));
    all.addAll(Libraries.all());
    all.addAll(CardLooks.all(environment));
    return all;
  }

  /** What the driver needs to get at weights. */
  public static List<Finding> weights(Downloads downloads, Map<String, String> environment) {
    return List.of(
        Folders.cache(downloads.cache()),
        Hub.proxy(environment),
        Hub.server(downloads, environment));
  }
}
