package org.graft.weights;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.graft.common.Checks;
import org.graft.common.NearestMatch;
import org.graft.common.Problems;

/** The tensors of a file that a network wants, every one there and of the right shape. */
public final class WeightBinding {
  private final Tensors tensors;
  private final Map<String, long[]> wanted;

  private WeightBinding(Tensors tensors, Map<String, long[]> wanted) {
    this.tensors = tensors;
    this.wanted = wanted;
  }

  /**
   * @param file names the file in the error
   * @param wanted shape by name, in the file's own layout
   * @throws org.graft.common.UserError that lists all that is missing or misshapen
   */
  public static WeightBinding of(Tensors tensors, String file, Map<String, long[]> wanted) {
    Problems problems = new Problems();
    wanted.forEach((name, shape) -> check(tensors, name, shape, problems));
    problems.throwIfAny("Cannot use the weights in " + file + " for this network");
    return new WeightBinding(tensors, Map.copyOf(wanted));
  }

  private static void check(Tensors tensors, String name, long[] shape, Problems problems) {
    String wanted = Arrays.toString(shape);
    if (!tensors.names().contains(name)) {
      problems.add(
          "%s",
          "'%s' %s is missing.%s"
              .formatted(name, wanted, NearestMatch.hint(name, tensors.names())));
    } else if (!Arrays.equals(tensors.shape(name), shape)) {
      String got = Arrays.toString(tensors.shape(name));
      problems.add("%s", "'%s' has the shape %s, wanted %s".formatted(name, got, wanted));
    }
  }

  /** The values of a wanted tensor, row-major. */
  public float[] read(String name) throws IOException {
    Checks.argument(wanted.containsKey(name), "%s was not asked for", name);
    return tensors.read(name);
  }

  /**
   * What the file has and the network does not want, for the log.
   *
   * @param ignorable names that need no mention, for instance {@code num_batches_tracked}
   */
  public List<String> unused(Predicate<String> ignorable) {
    return tensors.names().stream()
        .filter(name -> !wanted.containsKey(name) && !ignorable.test(name))
        .toList();
  }
}
