/**
 * Heads that are solved, not trained: ridge regression and linear discriminant analysis from sums
 * that add up over samples, by BLAS in double precision.
 */
package org.graft.engine.exact;
