/** Tar shards in WebDataset's layout, read and written. No Spark in here: only its folder. */
package org.graft.spark.tar;
