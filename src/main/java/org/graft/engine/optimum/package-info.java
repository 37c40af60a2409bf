/**
 * Linear heads to the optimum of their loss: L-BFGS on the driver, gradients by matrix products
 * where the samples lie, many heads in the same passes. No Spark here.
 */
package org.graft.engine.optimum;
