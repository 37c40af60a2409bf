package org.graft;

import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.image.JpegScaling;
import org.graft.weights.Downloads;

/**
 * What to extract with.
 *
 * @param card name of one of Graft's own, or the path of a card of the user's, ending in .json
 * @param cut empty: the card's default
 * @param pooling null: the cut's default
 * @param batch samples that go through the network at once
 * @param weights a file of the user's, on any file system or at an address ({@code https://},
 *     {@code hf://}); empty: the card's own
 * @param sha256 of the weight file, or its first digits; empty: the card's, or none for a file
 * @param device where it computes
 * @param cardMemory most bytes of a card that it takes; 0: no limit
 * @param downloads how weights come to this machine
 */
public record BackboneOptions(
    String card,
    String cut,
    Pooling pooling,
    int batch,
    String weights,
    String sha256,
    Engine engine,
    JpegScaling jpegScaling,
    DeviceKind device,
    long cardMemory,
    Downloads downloads) {}
