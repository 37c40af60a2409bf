/** Text networks of Hugging Face as ONNX, drawn from their {@code config.json} and weights. */
package org.graft.engine.onnx.transformer;
