package org.graft.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
  @Test
  void theProcessorIsNamedWithWhatNetworksCareFor() {
    String cpuinfo =
        """
        processor\t: 0
        cpu family\t: 25
        model\t\t: 17
        model name\t: AMD EPYC 9R14
        flags\t\t: fpu avx2 avx512f avx512_vnni xsave

        processor\t: 1
        model name\t: another
        """;
    assertEquals(
        "AMD EPYC 9R14 (family 25, model 17) avx2 avx512f avx512_vnni", Machine.processor(cpuinfo));
    assertEquals("unknown (family unknown, model unknown)", Machine.processor("Features : fp\n"));
  }

  @Test
  void factsAreInTheOrderToPrintThem() {
    assertEquals(
        List.of("processor", "cores", "system", "jvm", "graft"),
        List.copyOf(Machine.facts().keySet()));
    assertTrue(Machine.facts().values().stream().noneMatch(String::isEmpty));
  }
}
