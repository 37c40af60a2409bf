/**
 * Whether Graft can work here: what {@code graft doctor} looks at. {@link org.graft.doctor.Doctor}
 * is its front door; every look gives a {@link org.graft.doctor.Finding}, with what to do where
 * something is amiss.
 */
package org.graft.doctor;
