package org.graft.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.graft.common.UserError;
import org.graft.sample.Labels;
import org.graft.spark.LabelledTable.Line;

/** The rows of a table as a head is fitted to them. */
final class LabelColumns {
  private static final int MOST_CLASSES = 1_000_000;

  private final Dataset<?> table;
  private final HeadEstimator head;

  LabelColumns(Dataset<?> table, HeadEstimator head) {
    this.table = table;
    this.head = head;
  }

  /**
   * @throws UserError if a column is missing or of another type
   */
  static void check(StructType schema, HeadEstimator head) {
    HeadColumns.checkThere(schema, head.getFeaturesCol(), "featuresCol");
    HeadColumns.checkThere(schema, head.getLabelCol(), "labelCol");
    for (String optional :
        List.of(head.getWeightCol(), head.getKeyCol(), head.getValidationCol())) {
      if (!optional.isEmpty()) {
        HeadColumns.checkThere(schema, optional, "weightCol, keyCol or validationCol");
      }
    }
    StructField label = schema.apply(head.getLabelCol());
    if (!(label.dataType() instanceof StringType || label.dataType() instanceof NumericType)) {
      throw new UserError(
          "Cannot fit a head: column '%s' is of type %s (wanted string, or a number from 0). Set labelCol."
              .formatted(label.name(), label.dataType().simpleString()));
    }
  }

  JavaRDD<Line> lines() {
    boolean numbers = isNumber();
    String[] names = names();
    return table
        .select(
            optional(head.getKeyCol(), "string", lit("")),
            col(head.getLabelCol()).cast(numbers ? "double" : "string"),
            optional(head.getWeightCol(), "float", lit(1f)),
            optional(head.getValidationCol(), "boolean", lit(false)),
            col(head.getFeaturesCol()))
        .toJavaRDD()
        .map(row -> line(row, numbers, names));
  }

  private static Column optional(String name, String type, Column byDefault) {
    return name.isEmpty() ? byDefault : col(name).cast(type);
  }

  private static Line line(Row row, boolean numbers, String[] names) {
    if (row.isNullAt(2) || !(row.getFloat(2) >= 0) || Float.isInfinite(row.getFloat(2))) {
      throw new UserError(
          "Cannot fit a head: a sample's weight is %s (it must be 0 or more). Correct weightCol."
              .formatted(row.get(2)));
    }
    String label =
        row.isNullAt(1) ? null : numbers ? name(row.getDouble(1), names) : row.getString(1);
    boolean validation = !row.isNullAt(3) && row.getBoolean(3);
    String key = row.isNullAt(0) ? "" : row.getString(0);
    return new Line(key, label, row.getFloat(2), validation, FeatureCell.floats(row.get(4)));
  }

  private static String name(double label, String[] names) {
    int classes = names.length == 0 ? MOST_CLASSES : names.length;
    if (label < 0 || label >= classes || label != Math.rint(label)) {
      throw new UserError(
          "Cannot fit a head: a label is %s (numbers must be whole, from 0 to below %d). Index labels by StringIndexer, or cast them to string."
              .formatted(label, classes));
    }
    return names.length == 0 ? Integer.toString((int) label) : names[(int) label];
  }

  /**
   * What the head's outputs mean, in their order: of labels that are numbers, output i is i.
   *
   * @param present labels that occur
   */
  Labels labels(List<String> present) {
    String[] names = names();
    if (names.length > 0) {
      return Labels.inOrder(List.of(names));
    }
    if (!isNumber()) {
      return Labels.inOrder(present);
    }
    int most = present.stream().mapToInt(Integer::parseInt).max().orElse(-1);
    return Labels.inOrder(IntStream.rangeClosed(0, most).mapToObj(Integer::toString).toList());
  }

  /** Of labels that are numbers, as {@code StringIndexer} left them; else none. */
  private String[] names() {
    StructField field = table.schema().apply(head.getLabelCol());
    if (!isNumber()) {
      return new String[0];
    }
    return Attribute.fromStructField(field) instanceof NominalAttribute nominal
            && nominal.values().isDefined()
        ? nominal.values().get()
        : new String[0];
  }

  private boolean isNumber() {
    return !(table.schema().apply(head.getLabelCol()).dataType() instanceof StringType);
  }
}
