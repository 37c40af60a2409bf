/**
 * Hugging Face's {@code tokenizers}, the Rust library itself, through the native interface that
 * DJL's jar brings. Nothing of DJL's own Java runs: no cache folder, no download, no telemetry.
 */
package org.graft.engine.tokenizer;
