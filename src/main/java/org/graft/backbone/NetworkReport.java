package org.graft.backbone;

import java.util.List;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;

/**
 * What a network of the user's own is, found by looking into its file.
 *
 * @param architecture what a card of it has to say: {@link BackboneCard#ONNX} or {@link
 *     BackboneCard#DL4J}
 * @param format for people: the format and its version
 * @param producer the program that wrote the file, as far as the file says
 * @param input as the file has it; its size is a proposal where {@code fixedSize} is false
 * @param fixedSize whether the network takes pictures of that size only
 * @param nodes operators or vertices
 * @param parameters numbers in its weights
 * @param cuts proposals, in the order of the network: where all that it computes passes through one
 *     tensor, the last of each size
 * @param defaultCut one of them
 * @param exact whether it is computed in float32 as the file has it; false where the file has
 *     numbers of 16 or 8 bits, with which other programs and processors give slightly other results
 * @param notes what the user should know, a sentence each
 */
public record NetworkReport(
    String architecture,
    String format,
    String producer,
    Input input,
    boolean fixedSize,
    int nodes,
    long parameters,
    List<Cut> cuts,
    String defaultCut,
    boolean exact,
    List<String> notes) {
  public NetworkReport {
    cuts = List.copyOf(cuts);
    notes = List.copyOf(notes);
  }
}
