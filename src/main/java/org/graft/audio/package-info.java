/**
 * Bytes of a sound file to windows of a network's input, exactly as a card says: decoding, one
 * channel, one sample rate, spectra, filters, levels.
 */
package org.graft.audio;
