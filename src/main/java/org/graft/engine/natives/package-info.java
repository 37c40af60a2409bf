/**
 * What is done to native libraries before they travel to a machine with nothing but a driver: see
 * {@code submit/gpu/pack}.
 */
package org.graft.engine.natives;
