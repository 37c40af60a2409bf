package org.graft.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a user can mend is found in whatever wraps it. */
class UserErrorTest {
  private static final String SAID = "Cannot read x: it is empty (0 bytes). Leave it out.";

  @Test
  void anErrorIsBehindItselfAndBehindWhatWrapsIt() {
    UserError error = new UserError(ExitCode.NOT_THERE, SAID);
    assertSame(error, UserError.behind(error));
    Exception wrapped = new IOException("failed", new IllegalStateException("task", error));
    UserError behind = UserError.behind(wrapped);
    assertEquals(SAID, behind.getMessage());
    assertEquals(ExitCode.NOT_THERE, behind.exitCode());
    assertSame(wrapped, behind.getCause());
  }

  @Test
  void ofAnotherProcessesErrorTheTextIsEnough() {
    String trace = "Lost task 0.0 (host executor 1): " + new UserError(SAID);
    for (String rest :
        new String[] {"", "\n\tat org.graft.A.b(A.java:1)", "\n\nDriver stacktrace:"}) {
      Exception wrapped = new IOException(new IOException(trace + rest));
      assertEquals(SAID, UserError.behind(wrapped).getMessage());
      assertSame(wrapped, UserError.behind(wrapped).getCause());
    }
    assertNull(UserError.behind(new IOException("disk", new IllegalStateException())));
  }
}
