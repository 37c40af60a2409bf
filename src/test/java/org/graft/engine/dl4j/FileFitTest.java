package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.graft.backbone.BackboneCard.Input;
import org.graft.common.UserError;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileFitTest {
  private static final Input SMALL = new Input(3, 32, 32);

  @BeforeAll
  static void prepare() {
    Dl4jEngine.prepare();
  }

  private static FormulaTensors tensors(String architecture, String cut, Input input) {
    Network network = Networks.of(architecture);
    return new FormulaTensors(network, cut, input, network.dialects().get(0));
  }

  private static Set<String> names(String architecture, String... more) {
    Network network = Networks.of(architecture);
    String last = network.cuts().get(network.cuts().size() - 1);
    Set<String> names = new HashSet<>(tensors(architecture, last, SMALL).names());
    names.addAll(List.of(more));
    return names;
  }

  private static String refusal(String network, String file, String cut, Input made, Input used) {
    FormulaTensors tensors = tensors(file, cut, made);
    return assertThrows(
            UserError.class,
            () -> FrozenNetwork.of(Networks.of(network), cut, used, tensors, "weights.pth"))
        .getMessage();
  }

  private static Optional<String> warning(String network, Set<String> names) {
    Network one = Networks.of(network);
    return FileFit.warning(names, one, one.dialect(names), "weights.pth");
  }

  @Test
  void saysThatAFileIsADeeperNetworks() {
    assertEquals(
        "weights.pth has 255 tensors that the network does not know, which are ignored:"
            + " layer3.10.bn1.bias, layer3.10.bn1.running_mean, layer3.10.bn1.running_var,"
            + " layer3.10.bn1.weight, layer3.10.bn2.bias, …. Its names are those of resnet101_v1"
            + " or resnet101_v1.5. Check that the file belongs to the card.",
        warning("resnet50_v1.5", names("resnet101_v1.5")).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "resnet18, fc.weight, bn1.num_batches_tracked",
    "vgg11_bn, classifier.6.weight, head.fc.bias",
    "resnet50_v2, predictions/kernel, normalization/mean",
    "densenet121, classifier.bias, aux.fc.weight"
  })
  void keepsQuietAboutCountersAndClassifiers(String architecture, String one, String other) {
    assertEquals(Optional.empty(), warning(architecture, names(architecture, one, other)));
    String foreign = warning(architecture, names(architecture, "own.thing")).orElseThrow();
    assertTrue(foreign.startsWith("weights.pth has 1 tensors"), foreign);
    assertTrue(foreign.contains("ignored: own.thing. Check"), foreign);
  }

  /** Layers above a cut are the network's own. */
  @Test
  void warnsWhileLoading() throws IOException {
    List<String> lines = new ArrayList<>();
    Logger log = (Logger) LogManager.getLogger(FrozenNetwork.class);
    AbstractAppender appender =
        new AbstractAppender("lines", null, null, false, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
          }
        };
    appender.start();
    log.addAppender(appender);
    try {
      load("resnet18", tensors("resnet18", "avgpool", SMALL));
      assertEquals(List.of(), lines);
      load("resnet18", tensors("resnet34", "avgpool", SMALL));
      assertEquals(1, lines.size());
      assertTrue(lines.get(0).startsWith("WARN weights.pth has"), lines.get(0));
      assertTrue(lines.get(0).contains("Its names are those of resnet34."), lines.get(0));
    } finally {
      log.removeAppender(appender);
    }
  }

  private static void load(String network, FormulaTensors tensors) throws IOException {
    FrozenNetwork.of(Networks.of(network), "conv2_block1_out", SMALL, tensors, "weights.pth")
        .parameters()
        .close();
  }

  @Test
  void namesTheNetworkWhoseNamesAFileHas() {
    String message = refusal("vgg11", "vgg11_bn", "block5_pool", SMALL, SMALL);
    assertTrue(message.startsWith("Cannot use the weights in weights.pth for this net"), message);
    assertTrue(message.contains("'features.3.weight' [128, 64, 3, 3] is missing."), message);
    assertTrue(message.endsWith(" Its names are those of vgg11_bn."), message);
  }

  @Test
  void saysWhatIsMisshapenWhereNamesAreTheNetworksOwn() {
    String message = refusal("resnet50_v1.5", "wide_resnet50_2", "conv2_block1_out", SMALL, SMALL);
    assertTrue(
        message.contains("'layer1.0.conv1.weight' has the shape [128, 64, 1, 1], wanted [64, 64,"),
        message);
    assertTrue(!message.contains("Its names are those of"), message);
  }

  @Test
  void saysThatDenseLayersWereMadeForOtherPictures() {
    assertEquals(
        "Cannot use the weights in weights.pth for pictures of this size: dense layer 'fc6' reads"
            + " maps of 256 x 1 x 1 here (got 'classifier.1.weight' [4096, 1024], wanted [4096,"
            + " 256]). Give the card the input size that the weights were trained on, or cut"
            + " before 'fc6'.",
        refusal("alexnet", "alexnet", "fc6", new Input(3, 95, 95), new Input(3, 63, 63)));
  }
}
