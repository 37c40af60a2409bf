/** Matrix products by OpenBLAS, on the calling thread alone. */
package org.graft.engine.blas;
