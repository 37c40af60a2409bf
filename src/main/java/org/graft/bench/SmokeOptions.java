package org.graft.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.graft.backbone.Device;
import org.graft.common.NearestMatch;
import org.graft.common.Problems;

/**
 * @param device where the network is tried
 * @param batches to measure
 * @param width of {@link org.graft.engine.onnx.RandomResNet}
 * @param rounds counted ones of each contender
 * @param seconds of a round
 */
record SmokeOptions(Device device, List<Integer> batches, int width, int rounds, double seconds) {
  private static final List<String> NAMES =
      List.of("--device", "--batches", "--width", "--rounds", "--seconds");
  private static final Set<String> DEVICES = Set.of("cpu", "cuda");
  private static final int MOST = 4096;

  /** Every problem at once, as a {@link org.graft.common.UserError}. */
  static SmokeOptions parse(String... arguments) {
    Problems problems = new Problems();
    String device = "cuda";
    String batches = null;
    int width = 64;
    int rounds = 3;
    int seconds = 1;
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i];
      String value = i + 1 < arguments.length ? arguments[i + 1] : "";
      switch (name) {
        case "--device" -> device = value;
        case "--batches" -> batches = value;
        case "--width" -> width = number(name, value, problems);
        case "--rounds" -> rounds = number(name, value, problems);
        case "--seconds" -> seconds = number(name, value, problems);
        default -> problems.add("there is no option %s.%s", name, NearestMatch.hint(name, NAMES));
      }
    }
    if (!DEVICES.contains(device)) {
      problems.add("--device must be cuda or cpu (got '%s').", device);
    }
    boolean cuda = device.equals("cuda");
    List<Integer> sizes =
        Arrays.stream((batches == null ? cuda ? "1,8,64,256" : "1,8" : batches).split(",", -1))
            .map(size -> number("--batches", size, problems))
            .toList();
    problems.throwIfAny("Cannot run the smoke test");
    return new SmokeOptions(cuda ? Device.cuda(0) : Device.CPU, sizes, width, rounds, seconds);
  }

  private static int number(String name, String value, Problems problems) {
    if (value.matches("[1-9][0-9]{0,3}") && Integer.parseInt(value) <= MOST) {
      return Integer.parseInt(value);
    }
    problems.add("%s must be 1 to %d (got '%s').", name, MOST, value);
    return 1;
  }
}
