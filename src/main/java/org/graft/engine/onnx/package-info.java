/** ONNX: compiling frozen DL4J graphs, and the only place that runs ONNX Runtime. */
package org.graft.engine.onnx;
