/** Using a bundle: the same preprocessing, network and head as at evaluation. */
package org.graft.score;
