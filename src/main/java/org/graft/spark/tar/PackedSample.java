package org.graft.spark.tar;

import java.util.List;

/**
 * A sample as it goes into a shard.
 *
 * @param name its path in its source: names with slashes between, none of them {@code ..}
 * @param labels null where it has none; an empty list says that none of the labels is right
 * @param split null where none is given
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PackedSample(String name, List<String> labels, String split, byte[] content) {}
