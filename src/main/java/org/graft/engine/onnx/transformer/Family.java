package org.graft.engine.onnx.transformer;

import java.util.List;

/**
 * A kind of text network, with the sizes of one of them. Its hidden states are those of
 * transformers' {@code output_hidden_states=True}: 0 is what goes into the first layer, K what
 * comes out of layer K, the last one behind the network's own final norm, if it has one.
 */
interface Family {
  int layers();

  /** The length of a token's vector. */
  int width();

  /** How many tokens it knows. */
  int vocabulary();

  /** The most tokens that a line may have; {@link Integer#MAX_VALUE} where nothing sets a limit. */
  int longest();

  /** The names of what it takes, each {@code int64 [N][T]}. */
  List<String> inputs();

  /**
   * A tensor that every file of this family has, as the family itself calls it: what stands before
   * that in a file stands before all of its names.
   */
  String anchor();

  /**
   * Draws the network.
   *
   * @param last the hidden state up to which it is needed
   * @return the tensors of hidden states 0 to {@code last}
   */
  List<String> draw(Sketch sketch, int last);
}
