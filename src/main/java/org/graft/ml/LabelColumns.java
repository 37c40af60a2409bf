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
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;
import org.graft.spark.LabelledTable.Line;
import scala.collection.Seq;

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
    boolean numbers = of(label.dataType()) instanceof NumericType;
    boolean value = head.output() == Output.VALUE;
    if (head.getMultiLabel() != label.dataType() instanceof ArrayType
        || !(numbers || (!value && of(label.dataType()) instanceof StringType))) {
      throw new UserError(
          "Cannot fit a head: column '%s' is of type %s (wanted %s). Set labelCol, kind or multiLabel."
              .formatted(
                  label.name(),
                  label.dataType().simpleString(),
                  value
                      ? "a number"
                      : head.getMultiLabel()
                          ? "array<string>, or an array of numbers from 0"
                          : "string, or a number from 0"));
    }
    if (head.output() == Output.ORDINAL && !numbers && head.getLabels().length == 0) {
      throw new UserError(
          "Cannot fit an ordinal head: nobody says in which order the labels of column '%s' are. Set labels, lowest first."
              .formatted(label.name()));
    }
  }

  /** Of labels one by one. */
  private static DataType of(DataType type) {
    return type instanceof ArrayType many ? many.elementType() : type;
  }

  /** As numbers of 64 bits, or texts; or arrays of these. */
  static Column plain(StructType schema, String name) {
    DataType type = schema.apply(name).dataType();
    DataType one = of(type) instanceof StringType ? DataTypes.StringType : DataTypes.DoubleType;
    return col(name).cast(type instanceof ArrayType ? DataTypes.createArrayType(one) : one);
  }

  JavaRDD<Line> lines() {
    boolean value = head.output() == Output.VALUE;
    String[] names = names();
    return table
        .select(
            optional(head.getKeyCol(), "string", lit("")),
            plain(table.schema(), head.getLabelCol()),
            optional(head.getWeightCol(), "float", lit(1f)),
            optional(head.getValidationCol(), "boolean", lit(false)),
            col(head.getFeaturesCol()))
        .toJavaRDD()
        .map(row -> line(row, value, names));
  }

  private static Column optional(String name, String type, Column byDefault) {
    return name.isEmpty() ? byDefault : col(name).cast(type);
  }

  private static Line line(Row row, boolean value, String[] names) {
    if (row.isNullAt(2) || !(row.getFloat(2) >= 0) || Float.isInfinite(row.getFloat(2))) {
      throw new UserError(
          "Cannot fit a head: a sample's weight is %s (it must be 0 or more). Correct weightCol."
              .formatted(row.get(2)));
    }
    List<String> labels =
        row.isNullAt(1)
            ? null
            : value ? List.of(number(row.getDouble(1))) : labels(row.get(1), names);
    boolean validation = !row.isNullAt(3) && row.getBoolean(3);
    String key = row.isNullAt(0) ? "" : row.getString(0);
    return new Line(key, labels, row.getFloat(2), validation, FeatureCell.floats(row.get(4)));
  }

  /** As a job reads it. */
  static String number(double value) {
    float number = (float) value;
    if (!Float.isFinite(number)) {
      throw new UserError(
          "Cannot use a number of column labelCol: it is %s (wanted a finite one). Leave its row out."
              .formatted(value));
    }
    return Float.toString(number);
  }

  /** Of a cell: a text, a number, or an array of either. */
  static List<String> labels(Object cell, String[] names) {
    if (cell instanceof Seq<?> many) {
      return IntStream.range(0, many.length())
          .mapToObj(i -> label(many.apply(i), names))
          .distinct()
          .sorted()
          .toList();
    }
    return List.of(label(cell, names));
  }

  private static String label(Object label, String[] names) {
    if (label == null) {
      throw new UserError("Cannot use labels: one of a sample's is null. Leave it out.");
    }
    return label instanceof Double number ? name(number, names) : (String) label;
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
    List<String> names = List.of(isNumber() ? names() : head.getLabels());
    if (!names.isEmpty()) {
      for (String label : present) {
        if (!names.contains(label)) {
          throw new UserError(
              "Cannot fit a head: label '%s' is none of %s.%s Correct labels, or leave its rows out."
                  .formatted(label, names, NearestMatch.hint(label, names)));
        }
      }
      return Labels.inOrder(names);
    }
    if (!isNumber()) {
      return Labels.inOrder(present);
    }
    int most = present.stream().mapToInt(Integer::parseInt).max().orElse(-1);
    return Labels.inOrder(IntStream.rangeClosed(0, most).mapToObj(Integer::toString).toList());
  }

  /** Of labels that are numbers, as they were given or {@code StringIndexer} left them. */
  private String[] names() {
    StructField field = table.schema().apply(head.getLabelCol());
    if (!isNumber() || head.getLabels().length > 0) {
      return isNumber() ? head.getLabels() : new String[0];
    }
    return field.dataType() instanceof NumericType
            && Attribute.fromStructField(field) instanceof NominalAttribute nominal
            && nominal.values().isDefined()
        ? nominal.values().get()
        : new String[0];
  }

  private boolean isNumber() {
    return of(table.schema().apply(head.getLabelCol()).dataType()) instanceof NumericType;
  }
}
