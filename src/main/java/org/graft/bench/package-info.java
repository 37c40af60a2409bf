/**
 * Measuring this machine: what {@code graft bench} does. {@link org.graft.bench.Bench} is its front
 * door. Contenders take turns ({@code Rounds}), and what they took becomes {@link
 * org.graft.bench.BenchRecord}s. Nothing else in Graft knows this package, except the jobs.
 */
package org.graft.bench;
