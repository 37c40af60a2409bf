package org.graft.head;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.graft.common.Checks;

/**
 * Keeps a training's state while it runs, so that one which was cut off goes on where it was. Who
 * trains several times for a head gives each its own, by {@link #of}.
 */
public interface Checkpoints {
  /** Keeps nothing. */
  Checkpoints NONE =
      new Checkpoints() {
        @Override
        public <T> Optional<T> last(Function<byte[], T> reader) {
          return Optional.empty();
        }

        @Override
        public void offer(Supplier<byte[]> state) {}

        @Override
        public void end(Supplier<byte[]> state) {}

        @Override
        public Checkpoints of(String training) {
          return this;
        }
      };

  /**
   * The newest state that was kept of this very training, is whole and can be read.
   *
   * @param reader throws on bytes that it cannot read
   */
  <T> Optional<T> last(Function<byte[], T> reader);

  /**
   * Told after each round; keeps the state if that is due.
   *
   * @param state asked for only then
   */
  void offer(Supplier<byte[]> state);

  /** Told after the last round; keeps the state, as other trainings may follow before a head is. */
  void end(Supplier<byte[]> state);

  /** Of one of several trainings for the same head. */
  Checkpoints of(String training);

  /**
   * When a state is kept: whatever comes first, counted from the last one. It shapes nothing but
   * the work that is lost with a driver.
   *
   * @param rounds after so many; 0: not by rounds
   * @param seconds after so many; 0: not by time
   */
  record Rhythm(int rounds, int seconds) {
    public static final Rhythm DEFAULTS = new Rhythm(0, 60);

    public Rhythm {
      Checks.argument(rounds >= 0, "rounds must not be negative: %d", rounds);
      Checks.argument(seconds >= 0, "seconds must not be negative: %d", seconds);
    }

    boolean never() {
      return rounds == 0 && seconds == 0;
    }

    boolean due(int roundsSince, double secondsSince) {
      return (rounds > 0 && roundsSince >= rounds) || (seconds > 0 && secondsSince >= seconds);
    }
  }
}
