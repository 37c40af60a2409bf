/** Optimal heads on a cluster: the passes of {@code engine.optimum} as Spark jobs. */
package org.graft.spark.optimum;
