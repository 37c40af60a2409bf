package org.graft.engine.dl4j;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a vertex of a mobile network is: see {@link ConvolutionDrawing} and {@link
 * InvertedResidual}.
 *
 * @param block from 0, or -1 before and after all blocks
 * @param name {@code conv1}, {@code expand}, {@code se_reduce}, ...
 * @param isNorm whether it is a batch norm
 */
record MobilePart(int block, String name, boolean isNorm) {
  private static final Pattern VERTEX = Pattern.compile("(?:block(\\d+)_)?(.+?)(_conv|_bn)?");

  static MobilePart of(String vertex) {
    Matcher match = VERTEX.matcher(vertex);
    match.matches();
    String name = match.group(2);
    boolean norm = // "project" alone is one, since no activation follows
        match.group(3) == null ? name.equals("project") : match.group(3).equals("_bn");
    return new MobilePart(
        match.group(1) == null ? -1 : Integer.parseInt(match.group(1)), name, norm);
  }

  /** TF-Slim gives depthwise kernels a name of their own. */
  String slim(String prefix, String kind) {
    boolean depthwise = kind.equals("W") && name.equals("depthwise");
    return depthwise ? prefix + "/depthwise_weights" : Dialect.SLIM.tensor(prefix, kind);
  }

  boolean isInBlock() {
    return block >= 0;
  }
}
