package org.graft.engine.onnx;

import static java.util.Map.entry;
import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.graft.engine.dl4j.ErfGelu;
import org.graft.engine.dl4j.HardSigmoid;
import org.graft.engine.dl4j.HardSwish;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;

/**
 * Functions of one value at a time, and softmax: as DL4J 1.0.0-M2.1 computes them, also where that
 * is not what their authors wrote.
 */
final class Activations {
  /** By exact class: a subclass may compute something else. */
  private static final Map<Class<?>, Function<ActivationSite, String>> KNOWN =
      Map.ofEntries(
          entry(ActivationIdentity.class, ActivationSite::x),
          entry(ActivationReLU.class, Activations::relu),
          entry(ActivationReLU6.class, site -> site.clip(0, 6)),
          entry(ActivationLReLU.class, Activations::leaky),
          entry(ActivationRReLU.class, Activations::randomised),
          entry(ActivationThresholdedReLU.class, Activations::thresholded),
          entry(ActivationELU.class, Activations::elu),
          entry(ActivationSELU.class, site -> site.only("Selu")),
          entry(ActivationSigmoid.class, site -> site.only("Sigmoid")),
          entry(ActivationHardSigmoid.class, site -> site.only("HardSigmoid")), // 0.2 x + 0.5
          entry(HardSigmoid.class, site -> site.only("HardSigmoid", SmoothActivations.SIXTH)),
          entry(HardSwish.class, SmoothActivations::hardSwish),
          entry(ActivationTanH.class, site -> site.only("Tanh")),
          entry(ActivationHardTanH.class, site -> site.clip(-1, 1)),
          entry(ActivationRectifiedTanh.class, SmoothActivations::rectifiedTanh),
          entry(ActivationRationalTanh.class, SmoothActivations::rationalTanh),
          entry(ActivationSoftPlus.class, site -> site.only("Softplus")),
          entry(ActivationSoftSign.class, site -> site.only("Softsign")),
          entry(ActivationSwish.class, SmoothActivations::swish),
          entry(ActivationGELU.class, SmoothActivations::gelu),
          entry(ErfGelu.class, SmoothActivations::erfGelu),
          entry(ActivationMish.class, SmoothActivations::mish),
          entry(ActivationCube.class, SmoothActivations::cube),
          entry(ActivationSoftmax.class, Activations::softmax));

  private Activations() {}

  static String layer(OnnxGraph graph, OnnxVertex vertex) {
    return apply(graph, vertex, vertex.as(ActivationLayer.class).getActivationFn(), vertex.input());
  }

  /** An output layer without parameters: its loss falls away. */
  static String loss(OnnxGraph graph, OnnxVertex vertex) {
    return apply(graph, vertex, vertex.as(BaseLayer.class).getActivationFn(), vertex.input());
  }

  /** For pictures, where softmax is over the channels of each place. */
  static String pictureLoss(OnnxGraph graph, OnnxVertex vertex) {
    IActivation function = vertex.as(BaseLayer.class).getActivationFn();
    return function instanceof ActivationSoftmax
        ? graph.node("Softmax", vertex.output(), List.of(vertex.input()), attribute("axis", 1))
        : apply(graph, vertex, function, vertex.input());
  }

  /** Names its result after the vertex; the identity is no operator at all. */
  static String apply(OnnxGraph graph, OnnxVertex vertex, IActivation function, String tensor) {
    Function<ActivationSite, String> known = KNOWN.get(function.getClass());
    if (known == null) {
      throw vertex.unsupported("the activation " + function.getClass().getName() + " is not known");
    }
    return known.apply(new ActivationSite(graph, vertex, function, tensor));
  }

  private static String relu(ActivationSite site) {
    ActivationReLU relu = (ActivationReLU) site.function();
    double threshold = orZero(relu.getThreshold());
    double slope = orZero(relu.getNegativeSlope());
    if (threshold == 0 && slope == 0) {
      return relu.getMax() == null ? site.only("Relu") : site.clip(0, relu.getMax());
    }
    String bent = threshold == 0 ? leaky(site, slope) : bent(site, threshold, slope);
    return relu.getMax() == null ? bent : site.last("Min", bent, site.scalar(relu.getMax()));
  }

  /** x from the threshold on, slope * (x - threshold) below: there is a jump. */
  private static String bent(ActivationSite site, double threshold, double slope) {
    String at = site.scalar(threshold);
    String below = site.step("Sub", site.x(), at);
    String low = site.step("Mul", below, site.scalar(slope));
    return site.step("Where", site.step("GreaterOrEqual", site.x(), at), site.x(), low);
  }

  private static String leaky(ActivationSite site) {
    return leaky(site, ((ActivationLReLU) site.function()).getAlpha());
  }

  private static String leaky(ActivationSite site, double slope) {
    return site.step("LeakyRelu", List.of(site.x()), attribute("alpha", (float) slope));
  }

  /** DL4J gives no slope at inference, but a floor in the middle of the two slopes. */
  private static String randomised(ActivationSite site) {
    ActivationRReLU relu = (ActivationRReLU) site.function();
    return site.last("Max", site.x(), site.scalar(0.5 * (relu.getL() + relu.getU())));
  }

  private static String thresholded(ActivationSite site) {
    double theta = ((ActivationThresholdedReLU) site.function()).getTheta();
    return site.only("ThresholdedRelu", attribute("alpha", (float) theta));
  }

  private static String elu(ActivationSite site) {
    double alpha = ((ActivationELU) site.function()).getAlpha();
    return site.only("Elu", attribute("alpha", (float) alpha));
  }

  /** Over the classes of a vector; DL4J takes the last dimension of a picture, too: its width. */
  private static String softmax(ActivationSite site) {
    return site.only("Softmax", attribute("axis", -1));
  }

  private static double orZero(Double value) {
    return value == null ? 0 : value;
  }
}
