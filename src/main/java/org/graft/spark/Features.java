package org.graft.spark;

import org.graft.feature.FeatureManifest;

/**
 * What an extraction left.
 *
 * @param extracted samples that went through the network
 * @param reused samples whose features were there already
 * @param rejects samples that could not be decoded
 */
public record Features(
    FeatureStore store, FeatureManifest manifest, long extracted, long reused, Rejects rejects) {}
