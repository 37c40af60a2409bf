/**
 * A run as one page for people: HTML with its plots inside, which asks nobody for anything. {@link
 * org.graft.report.RunReport} is its front door.
 */
package org.graft.report;
