/** Exact heads on a cluster: sums of shards, added in the order of the shards. */
package org.graft.spark.exact;
