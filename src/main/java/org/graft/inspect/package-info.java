/**
 * What is wrong with the samples themselves: labels that features speak against, samples that are
 * nearly the same, across splits too, and samples that are like no others.
 */
package org.graft.inspect;
