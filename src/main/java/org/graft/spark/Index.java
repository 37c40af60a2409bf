package org.graft.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.sample.DatasetCard;

/**
 * A committed index.
 *
 * @param samples {@code key, path, bytes, labels, split, copies, labellings}, a row for each
 *     content
 * @param rejects the rows that cannot be used
 * @param reused whether it was there already
 */
public record Index(DatasetCard card, Dataset<Row> samples, Rejects rejects, boolean reused) {}
