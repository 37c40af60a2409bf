package org.graft.engine.onnx;

import static java.util.Map.entry;

import java.util.Map;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.graft.engine.dl4j.ChannelScaleVertex;

/** Writes one kind of vertex that is no layer as ONNX operators. */
@FunctionalInterface
interface VertexCompiler {
  /** By exact class: a subclass may compute something else. */
  Map<Class<?>, VertexCompiler> KNOWN =
      Map.ofEntries(
          entry(ElementWiseVertex.class, Combinations::elementWise),
          entry(ChannelScaleVertex.class, Combinations::elementWise),
          entry(MergeVertex.class, Combinations::merge),
          entry(StackVertex.class, Combinations::stack),
          entry(UnstackVertex.class, Combinations::unstack),
          entry(L2Vertex.class, Combinations::distance),
          entry(L2NormalizeVertex.class, InnerVertices::normalise),
          entry(ScaleVertex.class, InnerVertices::scale),
          entry(ShiftVertex.class, InnerVertices::shift),
          entry(SubsetVertex.class, InnerVertices::subset),
          entry(ReshapeVertex.class, InnerVertices::reshape),
          entry(PreprocessorVertex.class, InnerVertices::preprocess));

  /** Gives the name of the tensor that holds the vertex's output. */
  String compile(OnnxGraph graph, InnerVertex vertex);

  static VertexCompiler of(InnerVertex vertex) {
    VertexCompiler compiler = KNOWN.get(vertex.vertex().getClass());
    if (compiler == null) {
      throw vertex.unsupported("this kind of vertex is not known");
    }
    return compiler;
  }

  /** What a frozen vertex holds. */
  static GraphVertex thawed(GraphVertex vertex) {
    return vertex instanceof FrozenVertex frozen ? thawed(frozen.getUnderlying()) : vertex;
  }
}
