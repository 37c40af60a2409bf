package org.graft.feature;

/**
 * One file of features that counts.
 *
 * @param file name inside the fingerprint's folder
 * @param bytes its length
 * @param rows samples in it
 * @param sha256 over its rows, sorted by key: key, then the values as little-endian floats
 */
public record FeaturePart(String file, long bytes, long rows, String sha256) {}
