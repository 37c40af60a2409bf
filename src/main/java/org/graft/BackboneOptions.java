package org.graft;

import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.image.JpegScaling;

/**
 * What to extract with.
 *
 * @param card name of one of Graft's own, or the path of a card of the user's, ending in .json
 * @param cut empty: the card's default
 * @param pooling null: the cut's default
 * @param batch samples that go through the network at once
 * @param weights a file of the user's, on any file system; empty: the card's own
 * @param sha256 of the weight file, or its first digits; empty: the card's, or none for a file
 */
public record BackboneOptions(
    String card,
    String cut,
    Pooling pooling,
    int batch,
    String weights,
    String sha256,
    Engine engine,
    JpegScaling jpegScaling) {}
