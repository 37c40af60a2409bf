package org.graft.common;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A path or URI. A relative one counts from the folder of the file that names it, or, on the
 * command line, from the working directory.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Location {
  /** Only values that end so are locations; others are names. */
  String ending() default "";
}
