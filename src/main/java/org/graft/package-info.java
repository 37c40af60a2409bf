/**
 * Graft: transfer learning at cluster scale. Frozen networks extract features once; Spark averages
 * new heads.
 *
 * <p>The packages are the steps of the work. Each imports only those above it in this list, and
 * none of them knows Spark, Deeplearning4j or ONNX Runtime:
 *
 * <ol>
 *   <li>{@code common}: checks, digests, JSON, storage, errors for people
 *   <li>{@code sample}: samples, labels, splits, rejections
 *   <li>{@code audio}, {@code text}, {@code image}: bytes to tensors, exactly as a card says
 *   <li>{@code weights}: readers of public weight formats
 *   <li>{@code backbone}: cards, and what a frozen network promises
 *   <li>{@code feature}: extraction, fingerprints, the feature store's contract
 *   <li>{@code head}: new heads and how they are trained
 *   <li>{@code evaluate}: mergeable states, metrics
 *   <li>{@code bundle}: what is published
 *   <li>{@code score}: using it
 *   <li>{@code report}: a run as a page, with its plots
 * </ol>
 *
 * <p>At the edge: {@code engine.*} (heavy libraries, no Spark), {@code spark} (moves partitions,
 * does no arithmetic) with {@code spark.tar} (shards), {@code spark.dl4j} (where the two meet),
 * {@code bench} (measures this machine with all of them), {@code doctor} (looks whether they work
 * here), {@code ml} (faces for Spark ML, notebooks and SQL) and {@code job} (the command line).
 */
package org.graft;
