package org.graft.spark.tar;

import java.util.List;
import org.graft.sample.Rejection.Reason;

/**
 * A sample of a shard.
 *
 * @param name of its picture's member; of its first one where it has no picture
 * @param offset of the picture in the shard, in bytes
 * @param bytes of the picture
 * @param content the picture, or null where it was not asked for or is too large
 * @param labels null where none are given
 * @param split as it is given, or null
 * @param reason why it cannot be used, or null
 * @param detail of the reason
 * @param columns the values of the fields that are kept, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TarSample(
    String name,
    long offset,
    long bytes,
    byte[] content,
    List<String> labels,
    String split,
    Reason reason,
    String detail,
    List<String> columns) {}
