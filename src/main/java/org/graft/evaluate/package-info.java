/**
 * How good a head is: mergeable states over the held-out samples, and metrics as pure functions of
 * them. States hold counts and fixed-point sums, so a result depends neither on partitions nor on
 * their order.
 */
package org.graft.evaluate;
