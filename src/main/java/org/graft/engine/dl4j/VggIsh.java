package org.graft.engine.dl4j;

import static org.graft.engine.dl4j.ClassicLayers.convolution;
import static org.graft.engine.dl4j.ClassicLayers.dense;
import static org.graft.engine.dl4j.ClassicLayers.pool;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;

/**
 * VGGish (Hershey et al. 2017, arXiv 1609.09430; github.com/tensorflow/models, research/audioset):
 * VGG's convolutions over 96 frames of 64 log-mel bands, two dense layers and an embedding of 128
 * values without activation. Vertices are {@code conv1}, {@code pool1} … {@code pool4}, {@code
 * fc1_1}, {@code fc1_2}, {@code fc2}; a convolution or dense layer but the last includes its ReLU.
 * The published post-processing (PCA, 8 bits) is left out.
 */
final class VggIsh implements Network {
  static Map<String, Network> networks() {
    return Map.of("vggish", new VggIsh());
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.SLIM);
  }

  @Override
  public List<String> cuts() {
    return List.of("pool1", "pool2", "pool3", "pool4", "fc1_1", "fc1_2", "fc2");
  }

  /** TF-Slim repeats a layer below the scope of the first: {@code conv3/conv3_1}. */
  @Override
  public String prefix(Dialect dialect, String vertex) {
    int repeat = vertex.indexOf('_');
    return "vggish/" + (repeat < 0 ? "" : vertex.substring(0, repeat) + "/") + vertex;
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    String x = net.layer("conv1", rectified(64), Sketch.INPUT);
    x = net.layer("conv2", rectified(128), halved(net, 1, x));
    x = net.layer("conv3_1", rectified(256), halved(net, 2, x));
    x = net.layer("conv3_2", rectified(256), x);
    x = net.layer("conv4_1", rectified(512), halved(net, 3, x));
    x = net.layer("conv4_2", rectified(512), x);
    x = net.layer("fc1_1", dense(4096), halved(net, 4, x));
    x = net.layer("fc1_2", dense(4096), x);
    net.layer("fc2", new DenseLayer.Builder().nOut(128).activation(Activation.IDENTITY).build(), x);
    return net;
  }

  private static String halved(Sketch net, int block, String input) {
    return net.layer("pool" + block, pool(PoolingType.MAX, 2, 2, 0), input);
  }

  private static ConvolutionLayer rectified(int width) {
    return convolution(3, width, 1).activation(Activation.RELU).build();
  }
}
