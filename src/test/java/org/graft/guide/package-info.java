/**
 * Holds the README and the guide to what is there: every block of code in them is compiled, parsed
 * or loaded, every link leads somewhere.
 */
package org.graft.guide;
