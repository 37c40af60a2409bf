package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What YOLO's last maps mean (Redmon and Farhadi 2016, arXiv 1612.08242), a box of values at each
 * place: centre, size, confidence, classes.
 */
final class YoloOutputs {
  private YoloOutputs() {}

  static String layer(OnnxGraph graph, OnnxVertex vertex) {
    Yolo2OutputLayer layer = vertex.as(Yolo2OutputLayer.class);
    vertex.checkLayout(layer.getFormat());
    INDArray priors = layer.getBoundingBoxes(); // [boxes][height and width]
    long boxes = priors.size(0);
    var picture = vertex.picture();
    long values = picture.getChannels() / boxes;
    String name = vertex.output();
    String all =
        graph.reshape(
            name + ":boxes",
            vertex.input(),
            boxes,
            values,
            picture.getHeight(),
            picture.getWidth());
    String prior =
        graph.constant(
            name + ".priors", new long[] {1, boxes, 2, 1, 1}, OnnxVertex.rowMajor(priors));
    List<String> parts =
        List.of(
            graph.step("Sigmoid", name, List.of(part(graph, name, all, 0, 2))),
            graph.step(
                "Mul",
                name,
                List.of(graph.step("Exp", name, List.of(part(graph, name, all, 2, 4))), prior)),
            graph.step("Sigmoid", name, List.of(part(graph, name, all, 4, 5))),
            graph.step(
                "Softmax", name, List.of(part(graph, name, all, 5, values)), attribute("axis", 2)));
    String joined = graph.step("Concat", name, parts, attribute("axis", 2));
    return graph.reshape(
        name, joined, picture.getChannels(), picture.getHeight(), picture.getWidth());
  }

  private static String part(OnnxGraph graph, String name, String all, long from, long to) {
    return graph.slice(name + ":" + from, all, new long[] {from}, new long[] {to}, new long[] {2});
  }
}
