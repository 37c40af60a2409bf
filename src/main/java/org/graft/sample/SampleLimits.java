package org.graft.sample;

import java.io.Serializable;

/**
 * The most that a sample may declare. More is rejected before any memory is asked for; what is
 * within changes no feature, so these are part of no fingerprint.
 *
 * @param pixels of a picture
 * @param seconds of a recording
 */
public record SampleLimits(long pixels, int seconds) implements Serializable {}
