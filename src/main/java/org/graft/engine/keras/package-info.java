/** Weight files that Keras writes, in HDF5; the only place that sees {@code io.jhdf}. */
package org.graft.engine.keras;
