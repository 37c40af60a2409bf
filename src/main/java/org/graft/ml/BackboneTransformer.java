package org.graft.ml;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.graft.BackboneOptions;
import org.graft.Backbones;
import org.graft.DeviceKind;
import org.graft.Engine;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.common.Json;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.image.JpegScaling;
import org.graft.sample.SampleLimits;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Calibration;
import org.graft.spark.FeatureColumns;
import org.graft.spark.FeatureColumns.Invalid;
import org.graft.spark.Session;
import org.graft.weights.Downloads;

/**
 * Samples through a frozen network: a column of them becomes a column of features, {@code [width]},
 * the very numbers that {@code graft run} stores, whatever the partitions are.
 *
 * <p>The input is bytes of pictures or recordings, or texts; where a network reads no texts, a
 * column of strings holds paths of files. An executor loads the network once, for all its tasks.
 */
public final class BackboneTransformer extends BackboneParams implements MLWritable {
  private static final long serialVersionUID = 1L;

  /** Samples, as a job takes unless told otherwise. */
  private static final int CALIBRATION = 256;

  private transient BackboneOptions chosenBy;
  private transient BackboneChoice chosen;

  public BackboneTransformer() {
    this(Identifiable$.MODULE$.randomUID("backbone"));
  }

  public BackboneTransformer(String uid) {
    super(uid);
  }

  /**
   * @throws UserError if the network or its weights are not to be had, or the column is not
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    return counted(dataset, null);
  }

  /**
   * @param done counts samples as they are done; null: nobody looks
   */
  Dataset<Row> counted(Dataset<?> dataset, LongAccumulator done) {
    Session session = new Session(dataset.sparkSession());
    transformSchema(dataset.schema());
    try {
      return columns(done).of(session, dataset.toDF(), backbone(session));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot get the weights of " + getBackbone(), e);
    }
  }

  FeatureColumns columns(LongAccumulator done) {
    Invalid invalid = constant(Invalid.class, getHandleInvalid());
    return new FeatureColumns(
        getInputCol(),
        getOutputCol(),
        getKeyCol(),
        invalid == Invalid.KEEP ? getReasonCol() : "",
        invalid,
        constant(FeatureCell.class, getOutputType()),
        getReaders(),
        new SampleLimits(getMaxPixels(), getMaxSeconds()),
        getMaxBytes(),
        done);
  }

  /** The network with its weights here on the driver; looked for once. */
  synchronized BackboneChoice backbone(Session session) throws IOException {
    BackboneOptions options = options();
    if (!options.equals(chosenBy)) {
      chosen =
          new Backbones(
                  session.storage(), options.downloads(), Notebook.progress(), session.cards())
              .choose(options);
      chosenBy = options;
    }
    return getPrecision().equals("int8") ? chosen.in(Precision.int8(measured(chosen))) : chosen;
  }

  private ActivationRanges measured(BackboneChoice fp32) throws IOException {
    if (!getRanges().isEmpty()) {
      return Json.read(getRanges().getBytes(UTF_8), ActivationRanges.class, "ranges");
    }
    if (fp32.spec().card().text() == null) {
      throw new UserError(
          "Cannot run %s in int8: nobody has measured the ranges of its numbers. Take calibrated(SAMPLES) of it, or set precision to fp32."
              .formatted(getBackbone()));
    }
    return Backbones.ranges(fp32, List.of());
  }

  /**
   * The same in int8. What numbers there are inside the network is measured now, here on the
   * driver, on up to 256 of the samples, the same ones each time, and kept as a parameter. Compare
   * what comes of it with what comes of float32: {@code graft run} does so by itself.
   *
   * @param samples with the column of samples: some that are like those to come
   * @throws UserError if the network cannot be run in int8, or there is no usable sample
   */
  public BackboneTransformer calibrated(Dataset<?> samples) {
    Session session = new Session(samples.sparkSession());
    transformSchema(samples.schema());
    BackboneTransformer other = copy(ParamMap.empty());
    try {
      BackboneChoice fp32 = other.setPrecision("fp32").backbone(session);
      Iterable<float[]> inputs =
          () ->
              Calibration.inputs(
                  session,
                  samples.toDF(),
                  getInputCol(),
                  fp32,
                  new SampleLimits(getMaxPixels(), getMaxSeconds()),
                  getMaxBytes(),
                  CALIBRATION);
      ActivationRanges ranges =
          Awaited.call(() -> session.asked("calibrate", () -> Backbones.ranges(fp32, inputs)));
      return other.setPrecision("int8").setRanges(ranges.areNone() ? "" : Json.canonical(ranges));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot calibrate " + getBackbone(), e);
    }
  }

  BackboneOptions options() {
    if (getBackbone().isEmpty()) {
      throw new UserError(
          "Cannot extract features: no network is named. Set backbone, for instance to resnet50.tv_in1k; `graft backbones list` shows all.");
    }
    return new BackboneOptions(
        getBackbone(),
        getCut(),
        getPooling().isEmpty() ? null : constant(Pooling.class, getPooling()),
        getBatchSize(),
        getWeights(),
        getSha256(),
        constant(Engine.class, getEngine()),
        constant(JpegScaling.class, getJpegScaling()),
        constant(DeviceKind.class, getDevice()),
        0,
        Downloads.of(System.getenv()));
  }

  /**
   * @throws UserError if the input is not there or of another type, or an output is there
   */
  @Override
  public StructType transformSchema(StructType schema) {
    List<String> names = List.of(schema.fieldNames());
    if (!names.contains(getInputCol())) {
      throw new UserError(
          "Cannot extract features: there is no column '%s' (there are %s).%s Set inputCol."
              .formatted(getInputCol(), names, NearestMatch.hint(getInputCol(), names)));
    }
    DataType type = schema.apply(getInputCol()).dataType();
    if (!(type instanceof BinaryType || type instanceof StringType)) {
      throw new UserError(
          "Cannot extract features of column '%s': it is of type %s (wanted binary, or string). Set inputCol."
              .formatted(getInputCol(), type.simpleString()));
    }
    return columns(null).schema(schema);
  }

  @Override
  public BackboneTransformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public MLWriter write() {
    return new DefaultParamsWriter(this);
  }

  /** The reverse of {@link #write}. */
  public static MLReader<BackboneTransformer> read() {
    return new DefaultParamsReader<>();
  }

  public static BackboneTransformer load(String path) {
    return read().load(path);
  }
}
