/** Which network suits samples, by what was measured on a few of them. */
package org.graft.rank;
