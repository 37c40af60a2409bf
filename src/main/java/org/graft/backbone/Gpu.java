package org.graft.backbone;

import java.io.Serializable;

/**
 * One card of NVIDIA's, as the driver's own program lists it.
 *
 * @param index among all of the machine, by their places on the bus
 * @param uuid its name for ever, {@code GPU-...}
 * @param capability its compute capability, like {@code 9.0}: which machine code it can run
 * @param driver version of the driver, like {@code 580.65.06}
 * @param memory with its unit, like {@code 23034 MiB}
 */
public record Gpu(
    int index, String uuid, String name, String capability, String driver, String memory)
    implements Serializable {
  /** The capability as a number that can be compared: 8.6 is 86, 12.0 is 120. */
  int level() {
    int dot = capability.indexOf('.');
    return 10 * Integer.parseInt(capability.substring(0, dot))
        + Integer.parseInt(capability.substring(dot + 1));
  }

  /** The first part of the driver's version. */
  int driverBranch() {
    return Integer.parseInt(driver.substring(0, driver.indexOf('.')));
  }

  /** For messages. */
  @Override
  public String toString() {
    return "%s (compute capability %s, driver %s)".formatted(name, capability, driver);
  }
}
