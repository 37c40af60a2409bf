package org.graft.backbone;

import org.graft.image.Preprocessing;

/**
 * What a card says that no file tells.
 *
 * @param name of the weight set, {@code architecture.source}
 * @param cut one of the proposed ones, or any tensor or vertex of the network; empty: the proposal
 * @param licence an SPDX identifier or a sentence
 * @param origin who trained it on what, and where it came from
 */
public record CardAnswers(
    String name, Preprocessing preprocessing, String cut, String licence, String origin) {}
