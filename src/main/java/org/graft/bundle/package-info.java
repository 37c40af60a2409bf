/**
 * What is published: {@code models/<name>/<version>/} with everything that scoring needs. {@code
 * bundle.json} is written last and knows every other file's length and digest, so a folder without
 * it is no bundle, and one with it can be checked.
 */
package org.graft.bundle;
