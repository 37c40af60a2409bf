package org.graft.common;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Who holds a lock, as the lock's file says it.
 *
 * @param verb that the run was asked for
 * @param place the boot and the namespace of processes that {@code pid} counts in; empty where the
 *     system does not tell
 * @param processStart when the process began, as numbers of processes are given again; may be null
 * @param since when the lock was taken
 * @param staleSeconds without a sign of life after which others may take the lock
 * @param beats signs of life so far
 * @param released whether it was given back
 */
public record LockOwner(
    String runId,
    String verb,
    String host,
    long pid,
    String place,
    String processStart,
    String since,
    int staleSeconds,
    long beats,
    boolean released) {

  /** This process. */
  public static LockOwner here(String runId, String verb, int staleSeconds) {
    return new LockOwner(
        runId,
        verb,
        hostName(),
        ProcessHandle.current().pid(),
        placeHere(),
        start(ProcessHandle.current()),
        Instant.now().toString(),
        staleSeconds,
        0,
        false);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  /** Linux: two containers of one machine may have the same host name, and both a process 7. */
  private static String placeHere() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /** Null where the system does not tell. */
  private static String start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse(null);
  }

  /** Whether this machine knows that the process is no more. */
  boolean isKnownDead() {
    return !place.isEmpty()
        && place.equals(placeHere())
        && ProcessHandle.of(pid).map(process -> !isThis(process)).orElse(true);
  }

  private boolean isThis(ProcessHandle process) {
    String started = start(process);
    return process.isAlive()
        && (processStart == null || started == null || started.equals(processStart));
  }

  LockOwner beat() {
    return with(beats + 1, false);
  }

  LockOwner release() {
    return with(beats, true);
  }

  private LockOwner with(long newBeats, boolean newReleased) {
    return new LockOwner(
        runId, verb, host, pid, place, processStart, since, staleSeconds, newBeats, newReleased);
  }

  byte[] bytes() {
    return Json.pretty(this).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "run %s (%s on %s, process %d, since %s)".formatted(runId, verb, host, pid, since);
  }
}
