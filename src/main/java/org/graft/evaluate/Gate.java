package org.graft.evaluate;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.common.Checks;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;

/**
 * What a metric must be for a head to be published: {@code >= 0.9}, {@code <= last + 0.01}, {@code
 * >= last - 0.5pt}; a {@code pt} is a hundredth. {@code last} is the version in use. Numbers are
 * compared as their decimals are written, so 0.9 - 0.005 is 0.895.
 *
 * @param comparison one of {@code >=, >, <=, <}
 * @param fromLast whether {@code number} counts from the last version's
 */
public record Gate(String metric, String comparison, boolean fromLast, BigDecimal number) {
  private static final String NUMBER = "([0-9]{1,9}(?:\\.[0-9]{1,12})?)\\s*(pt)?";
  private static final Pattern CONDITION =
      Pattern.compile(
          "(>=|>|<=|<)\\s*(?:(last)(?:\\s*([+-])\\s*" + NUMBER + ")?|(-?)" + NUMBER + ")");

  /** Whether {@link #of} takes it. */
  public static boolean isCondition(String text) {
    return CONDITION.matcher(text.strip()).matches();
  }

  public static Gate of(String metric, String condition) {
    Matcher matcher = CONDITION.matcher(condition.strip());
    Checks.argument(matcher.matches(), "'%s' is no condition", condition);
    boolean fromLast = matcher.group(2) != null;
    BigDecimal number =
        fromLast
            ? number(matcher.group(3), matcher.group(4), matcher.group(5))
            : number(matcher.group(6), matcher.group(7), matcher.group(8));
    return new Gate(metric, matcher.group(1), fromLast, number);
  }

  private static BigDecimal number(String sign, String digits, String unit) {
    if (digits == null) {
      return BigDecimal.ZERO;
    }
    BigDecimal number = new BigDecimal(digits);
    BigDecimal plain = unit == null ? number : number.movePointLeft(2);
    return "-".equals(sign) ? plain.negate() : plain;
  }

  /**
   * How a head misses the gate.
   *
   * @param metrics of the head
   * @param last of the version in use; empty where there is none, and a gate that counts from it is
   *     passed
   * @param lastName names that version in the text
   * @return "accuracy is 0.81, wanted >= 0.895 ..."; empty if it is reached
   * @throws UserError if there is no such metric
   */
  public String missed(Map<String, Double> metrics, Map<String, Double> last, String lastName) {
    double got = value(metrics, "the evaluation");
    if (!fromLast) {
      return reaches(got, number) ? "" : "%s is %s, wanted %s %s".formatted(shown(got, number));
    }
    if (last.isEmpty()) {
      return "";
    }
    double before = value(last, "the evaluation of " + lastName);
    if (!Double.isFinite(before)) { // any head is as good as one that has no number
      return "";
    }
    BigDecimal wanted = BigDecimal.valueOf(before).add(number);
    return reaches(got, wanted)
        ? ""
        : "%s is %s, wanted %s %s".formatted(shown(got, wanted))
            + " (%s has %s)".formatted(lastName, before);
  }

  private Object[] shown(double got, BigDecimal wanted) {
    return new Object[] {metric, got, comparison, wanted.stripTrailingZeros().toPlainString()};
  }

  /** NaN reaches nothing. */
  private boolean reaches(double got, BigDecimal wanted) {
    if (!Double.isFinite(got)) {
      return false;
    }
    int compared = BigDecimal.valueOf(got).compareTo(wanted);
    return switch (comparison) {
      case ">=" -> compared >= 0;
      case ">" -> compared > 0;
      case "<=" -> compared <= 0;
      default -> compared < 0;
    };
  }

  private double value(Map<String, Double> metrics, String where) {
    Double value = metrics.get(metric);
    if (value == null) {
      throw new UserError(
          "Cannot check the gate '%s': %s has no such metric (it has %s).%s Correct 'gate'."
              .formatted(
                  metric, where, metrics.keySet(), NearestMatch.hint(metric, metrics.keySet())));
    }
    return value;
  }
}
