package org.graft.engine.dl4j;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Our graphs against the publishers' own code, torchvision's, timm's and Keras Applications', on
 * the same weights, at all cuts.
 */
class ParityTest {
  static List<String> networks() {
    return GoldenFeatures.all();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void givesTheFeaturesOfTheReference(String network) throws IOException {
    double worst = GoldenFeatures.check(network, GoldenFeatures::dl4j);
    LoggerFactory.getLogger(ParityTest.class).info("{}: {}", network, worst);
  }
}
