package org.graft.backbone;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cards that this process may use, as {@code nvidia-smi} lists them: asking CUDA itself would
 * need its libraries.
 *
 * @param cards in the order in which CUDA counts them under {@code CUDA_DEVICE_ORDER=PCI_BUS_ID}
 * @param problem why there are none; empty where the driver answered
 */
public record Gpus(List<Gpu> cards, String problem) {
  private static final String QUERY =
      "--query-gpu=index,uuid,name,compute_cap,driver_version,memory.total";
  private static final Pattern LINE =
      Pattern.compile(
          "(\\d{1,4}), *([^,]+), *([^,]+), *(\\d{1,3}\\.\\d), *(\\d{1,6}\\.[\\d.]+), *([^,]+)");
  private static final String ORDER = "CUDA_VISIBLE_DEVICES";

  /** Copies. */
  public Gpus {
    cards = List.copyOf(cards);
  }

  /**
   * Asks the program of {@code PATH}; of what it lists, {@code CUDA_VISIBLE_DEVICES} leaves some.
   *
   * @param environment usually {@link System#getenv()}
   */
  public static Gpus of(Map<String, String> environment) {
    Optional<NvidiaSmi> program = NvidiaSmi.of(environment);
    if (program.isEmpty()) {
      return new Gpus(List.of(), "there is no nvidia-smi on the PATH");
    }
    try {
      List<Gpu> all = parse(program.get().ask(QUERY, "--format=csv,noheader"));
      String visible = environment.get(ORDER);
      return visible == null ? new Gpus(all, "") : only(all, visible);
    } catch (IOException e) {
      return new Gpus(List.of(), program.get().program() + ": " + e.getMessage());
    }
  }

  /** Whether the program of the driver is here: then there is a driver, in whatever state. */
  public boolean hasDriver() {
    return !problem.startsWith("there is no nvidia-smi");
  }

  /** The card that CUDA counts as that one; empty where nobody knows. */
  public Optional<Gpu> card(Device device) {
    return device.isCuda() && device.ordinal() < cards.size()
        ? Optional.of(cards.get(device.ordinal()))
        : Optional.empty();
  }

  private static List<Gpu> parse(String text) throws IOException {
    List<Gpu> cards = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher is = LINE.matcher(line.strip());
      if (is.matches()) {
        cards.add(
            new Gpu(
                Integer.parseInt(is.group(1)),
                is.group(2),
                is.group(3),
                is.group(4),
                is.group(5),
                is.group(6)));
      } else if (!line.isBlank() && !line.startsWith("No devices")) {
        throw new IOException("an answer that is not understood: " + line.strip());
      }
    }
    if (cards.isEmpty()) {
      throw new IOException("the driver lists no card");
    }
    return cards;
  }

  /** As CUDA reads it: up to the first that is none. */
  private static Gpus only(List<Gpu> all, String visible) {
    List<Gpu> some = new ArrayList<>();
    for (String name : visible.split(",", -1)) {
      Optional<Gpu> named = all.stream().filter(card -> isCalled(card, name.strip())).findFirst();
      if (named.isEmpty()) {
        break;
      }
      some.add(named.get());
    }
    return some.isEmpty()
        ? new Gpus(some, "%s is '%s', which leaves no card".formatted(ORDER, visible))
        : new Gpus(some, "");
  }

  private static boolean isCalled(Gpu card, String name) {
    return name.equals(Integer.toString(card.index()))
        || (name.startsWith("GPU-") && card.uuid().startsWith(name));
  }
}
