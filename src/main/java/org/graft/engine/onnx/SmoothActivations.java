package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import onnx.Onnx.AttributeProto;
import org.nd4j.linalg.activations.impl.ActivationGELU;

/** Activations that are a formula in ONNX's operators. */
final class SmoothActivations {
  private static final double SQRT_2_BY_PI = Math.sqrt(2 / Math.PI);

  /** HardSigmoid's slope in MobileNetV3; ONNX's default is 0.2. */
  static final AttributeProto SIXTH = attribute("alpha", 1 / 6f);

  private SmoothActivations() {}

  static String swish(ActivationSite site) {
    return site.last("Mul", site.x(), site.step("Sigmoid", site.x()));
  }

  /** ONNX's own HardSwish is opset 14, and ONNX Runtime takes it apart into these two. */
  static String hardSwish(ActivationSite site) {
    String gate = site.step("HardSigmoid", List.of(site.x()), SIXTH);
    return site.last("Mul", site.x(), gate);
  }

  static String mish(ActivationSite site) {
    return site.last("Mul", site.x(), site.step("Tanh", site.step("Softplus", site.x())));
  }

  static String rectifiedTanh(ActivationSite site) {
    return site.last("Relu", site.step("Tanh", site.x()));
  }

  static String cube(ActivationSite site) {
    return site.last("Mul", site.x(), site.step("Mul", site.x(), site.x()));
  }

  /** Hendrycks and Gimpel 2016 (arXiv 1606.08415): x sigmoid(1.702 x), or by tanh. */
  static String gelu(ActivationSite site) {
    if (((ActivationGELU) site.function()).isPrecise()) {
      return geluByTanh(site);
    }
    String scaled = site.step("Mul", site.x(), site.scalar(1.702));
    return site.last("Mul", site.x(), site.step("Sigmoid", scaled));
  }

  /** In the form that ONNX Runtime knows and computes in one step. */
  static String erfGelu(ActivationSite site) {
    String half = site.step("Mul", site.x(), site.scalar(0.5));
    String scaled = site.step("Div", site.x(), site.scalar(Math.sqrt(2)));
    String gate = site.step("Add", site.step("Erf", scaled), site.scalar(1));
    return site.last("Mul", half, gate);
  }

  /** ND4J cubes 0.044715 x, where the authors cube x. */
  private static String geluByTanh(ActivationSite site) {
    String small = site.step("Mul", site.x(), site.scalar(0.044715));
    String sum = site.step("Add", site.x(), cubed(site, small));
    String tanh = site.step("Tanh", site.step("Mul", sum, site.scalar(SQRT_2_BY_PI)));
    String gate = site.step("Add", tanh, site.scalar(1));
    return site.last("Mul", site.step("Mul", site.x(), site.scalar(0.5)), gate);
  }

  private static String cubed(ActivationSite site, String x) {
    return site.step("Mul", x, site.step("Mul", x, x));
  }

  /** 1.7159 tanh(2/3 x), the tanh by ND4J's polynomial in a = 2/3 |x|: 1 + a + a2 + 1.41645 a4. */
  static String rationalTanh(ActivationSite site) {
    String a = site.step("Abs", site.step("Mul", site.x(), site.scalar(2.0 / 3)));
    String square = site.step("Mul", a, a);
    String fourth = site.step("Mul", site.step("Mul", square, square), site.scalar(1.41645));
    String sum = site.step("Sum", site.scalar(1), a, square, fourth);
    String tanh = site.step("Sub", site.scalar(1), site.step("Reciprocal", sum));
    String scaled = site.step("Mul", tanh, site.scalar(1.7159));
    return site.last("Mul", scaled, site.step("Sign", site.x()));
  }
}
