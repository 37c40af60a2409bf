/**
 * Runs Zeppelin's notes without Zeppelin: what is in a {@code .zpln} is fed, paragraph by
 * paragraph, to Scala's own interpreter and to Spark, as Zeppelin's Spark interpreter does it.
 */
package org.graft.notebook;
