package org.graft.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.graft.common.Json;
import org.junit.jupiter.api.Test;

class SincResamplerTest {
  @Test
  void equalsTorchaudioInFloat64() {
    String list = new String(AudioGolden.bytes("resampling.json"), StandardCharsets.UTF_8);
    byte[] json = ("{\"cases\":" + list + "}").getBytes(StandardCharsets.UTF_8);
    for (Object each : (Iterable<?>) Json.readMap(json, "resampling.json").get("cases")) {
      @SuppressWarnings("unchecked")
      Map<String, Object> golden = (Map<String, Object>) each;
      int from = AudioGolden.number(golden, "from");
      int to = AudioGolden.number(golden, "to");
      float[] samples = AudioGolden.sound(from, AudioGolden.number(golden, "samples")).samples();
      double difference =
          AudioGolden.difference(golden, SincResampler.of(from, to).resample(samples));
      assertTrue(difference <= 1e-6, () -> from + " to " + to + " differs by " + difference);
    }
  }

  @Test
  void usualRatesFitAndAbsurdOnesDoNot() {
    for (int rate : new int[] {8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000}) {
      assertTrue(SincResampler.fits(rate, 16_000) && SincResampler.fits(rate, 48_000), "" + rate);
    }
    assertFalse(SincResampler.fits(767_999, 48_000));
  }

  @Test
  void tableSizeIsNotLessThanTheTable() {
    assertEquals(160 * 373, SincResampler.tableSize(44_100, 16_000));
  }
}
