/** Native picture codecs behind the core's SPIs, and the only place that sees JNA. */
package org.graft.engine.codec;
