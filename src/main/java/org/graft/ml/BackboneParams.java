package org.graft.ml;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.graft.DeviceKind;
import org.graft.Engine;
import org.graft.audio.SoundLimit;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.image.JpegScaling;
import org.graft.spark.FeatureColumns.Invalid;

/** The parameters of a {@link BackboneTransformer}; those of a configuration have its names. */
public abstract class BackboneParams extends Transformer {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> keyCol;
  private final Param<String> reasonCol;
  private final Param<String> backbone;
  private final Param<String> cut;
  private final Param<String> pooling;
  private final Param<String> weights;
  private final Param<String> sha256;
  private final Param<String> engine;
  private final Param<String> precision;
  private final Param<String> ranges;
  private final Param<String> jpegScaling;
  private final Param<String> device;
  private final Param<String> outputType;
  private final Param<String> handleInvalid;
  private final IntParam batchSize;
  private final IntParam readers;
  private final IntParam maxSeconds;
  private final LongParam maxBytes;
  private final LongParam maxPixels;

  BackboneParams(String uid) {
    this.uid = uid;
    inputCol = text("inputCol", "column of bytes, of texts, or of paths", "content");
    outputCol = text("outputCol", "new column of features", "features");
    keyCol = text("keyCol", "new column of the SHA-256 of the samples' bytes; empty: none", "");
    reasonCol =
        text(
            "reasonCol",
            "new column of why there are no features, with handleInvalid: keep; empty: none",
            "reason");
    backbone = text("backbone", "name of a weight set, or path of a card (.json)", "");
    cut = text("cut", "where the network ends; empty: the card's default", "");
    pooling =
        choice(
            "pooling",
            "how a spatial cut becomes a vector; empty: the cut's own",
            "",
            names(Pooling.values(), ""));
    weights = text("weights", "weights of your own: a path or an address; empty: the card's", "");
    sha256 = text("sha256", "of the weight file, or its first digits; empty: the card's", "");
    engine = choice("engine", "what runs the network", "auto", names(Engine.values()));
    precision =
        choice(
            "precision",
            "the numbers that the network computes in; int8 needs ranges, but for texts",
            "fp32",
            List.of("fp32", "int8"));
    ranges = text("ranges", "of the network's numbers, as calibrated() finds them: JSON", "");
    jpegScaling =
        choice("jpegScaling", "how JPEG pictures are decoded", "none", names(JpegScaling.values()));
    device = choice("device", "where the network computes", "cpu", names(DeviceKind.values()));
    outputType =
        choice(
            "outputType",
            "a vector of Spark ML, or an array of floats",
            "vector",
            names(FeatureCell.values()));
    handleInvalid =
        choice(
            "handleInvalid",
            "samples that cannot be used: the job fails, the row is left out, or it has no features",
            "error",
            names(Invalid.values()));
    batchSize = whole("batchSize", "samples that go through the network at once", 8, 1024);
    readers = whole("readers", "files that a task reads at once", 4, 64);
    maxSeconds = whole("maxSeconds", "a recording may declare", 600, SoundLimit.MOST_SECONDS);
    maxBytes = large("maxBytes", "of one sample", 64L << 20);
    maxPixels = large("maxPixels", "a picture may declare", 100_000_000L);
  }

  private Param<String> text(String name, String doc, String byDefault) {
    Param<String> param = new Param<>(this, name, doc);
    setDefault(param, byDefault);
    return param;
  }

  private Param<String> choice(String name, String doc, String byDefault, List<String> of) {
    Param<String> param =
        new Param<>(this, name, doc + ": one of " + of, ParamValidators.inArray(of));
    setDefault(param, byDefault);
    return param;
  }

  private IntParam whole(String name, String doc, int byDefault, int most) {
    IntParam param = new IntParam(this, name, doc, ParamValidators.inRange(1, most));
    setDefault(param, byDefault);
    return param;
  }

  private LongParam large(String name, String doc, long byDefault) {
    LongParam param = new LongParam(this, name, doc, ParamValidators.gt(0));
    setDefault(param, byDefault);
    return param;
  }

  /** Constants as users write them, and others. */
  static List<String> names(Enum<?>[] constants, String... others) {
    Stream<String> own = Arrays.stream(constants).map(it -> it.name().toLowerCase(Locale.ROOT));
    return Stream.concat(own, Arrays.stream(others)).toList();
  }

  /** The constant that a user means. */
  static <E extends Enum<E>> E constant(Class<E> type, String name) {
    return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
  }

  @Override
  public String uid() {
    return uid;
  }

  private BackboneTransformer self() {
    return (BackboneTransformer) this;
  }

  public final Param<String> inputCol() {
    return inputCol;
  }

  public final String getInputCol() {
    return getOrDefault(inputCol);
  }

  /** Column of bytes, of texts, or of paths. */
  public final BackboneTransformer setInputCol(String value) {
    set(inputCol, value);
    return self();
  }

  public final Param<String> outputCol() {
    return outputCol;
  }

  public final String getOutputCol() {
    return getOrDefault(outputCol);
  }

  /** New column of features. */
  public final BackboneTransformer setOutputCol(String value) {
    set(outputCol, value);
    return self();
  }

  public final Param<String> keyCol() {
    return keyCol;
  }

  public final String getKeyCol() {
    return getOrDefault(keyCol);
  }

  /** New column of the SHA-256 of the samples' bytes; empty: none. */
  public final BackboneTransformer setKeyCol(String value) {
    set(keyCol, value);
    return self();
  }

  public final Param<String> reasonCol() {
    return reasonCol;
  }

  public final String getReasonCol() {
    return getOrDefault(reasonCol);
  }

  /** New column of why there are no features, with handleInvalid: keep; empty: none. */
  public final BackboneTransformer setReasonCol(String value) {
    set(reasonCol, value);
    return self();
  }

  public final Param<String> backbone() {
    return backbone;
  }

  public final String getBackbone() {
    return getOrDefault(backbone);
  }

  /** Name of a weight set, or path of a card (.json). */
  public final BackboneTransformer setBackbone(String value) {
    set(backbone, value);
    return self();
  }

  public final Param<String> cut() {
    return cut;
  }

  public final String getCut() {
    return getOrDefault(cut);
  }

  /** Where the network ends; empty: the card's default. */
  public final BackboneTransformer setCut(String value) {
    set(cut, value);
    return self();
  }

  public final Param<String> pooling() {
    return pooling;
  }

  public final String getPooling() {
    return getOrDefault(pooling);
  }

  /** How a spatial cut becomes a vector; empty: the cut's own. */
  public final BackboneTransformer setPooling(String value) {
    set(pooling, value);
    return self();
  }

  public final Param<String> weights() {
    return weights;
  }

  public final String getWeights() {
    return getOrDefault(weights);
  }

  /** Weights of your own: a path or an address; empty: the card's. */
  public final BackboneTransformer setWeights(String value) {
    set(weights, value);
    return self();
  }

  public final Param<String> sha256() {
    return sha256;
  }

  public final String getSha256() {
    return getOrDefault(sha256);
  }

  /** Of the weight file, or its first digits; empty: the card's. */
  public final BackboneTransformer setSha256(String value) {
    set(sha256, value);
    return self();
  }

  public final Param<String> engine() {
    return engine;
  }

  public final String getEngine() {
    return getOrDefault(engine);
  }

  /** What runs the network. */
  public final BackboneTransformer setEngine(String value) {
    set(engine, value);
    return self();
  }

  public final Param<String> precision() {
    return precision;
  }

  public final String getPrecision() {
    return getOrDefault(precision);
  }

  /** The numbers that the network computes in; int8 needs ranges, but for texts. */
  public final BackboneTransformer setPrecision(String value) {
    set(precision, value);
    return self();
  }

  public final Param<String> ranges() {
    return ranges;
  }

  public final String getRanges() {
    return getOrDefault(ranges);
  }

  /** Of the network's numbers, as calibrated() finds them: JSON. */
  public final BackboneTransformer setRanges(String value) {
    set(ranges, value);
    return self();
  }

  public final Param<String> jpegScaling() {
    return jpegScaling;
  }

  public final String getJpegScaling() {
    return getOrDefault(jpegScaling);
  }

  /** How JPEG pictures are decoded. */
  public final BackboneTransformer setJpegScaling(String value) {
    set(jpegScaling, value);
    return self();
  }

  public final Param<String> device() {
    return device;
  }

  public final String getDevice() {
    return getOrDefault(device);
  }

  /** Where the network computes. */
  public final BackboneTransformer setDevice(String value) {
    set(device, value);
    return self();
  }

  public final Param<String> outputType() {
    return outputType;
  }

  public final String getOutputType() {
    return getOrDefault(outputType);
  }

  /** A vector of Spark ML, or an array of floats. */
  public final BackboneTransformer setOutputType(String value) {
    set(outputType, value);
    return self();
  }

  public final Param<String> handleInvalid() {
    return handleInvalid;
  }

  public final String getHandleInvalid() {
    return getOrDefault(handleInvalid);
  }

  /** Samples that cannot be used: the job fails, the row is left out, or it has no features. */
  public final BackboneTransformer setHandleInvalid(String value) {
    set(handleInvalid, value);
    return self();
  }

  public final IntParam batchSize() {
    return batchSize;
  }

  public final int getBatchSize() {
    return (int) getOrDefault(batchSize);
  }

  /** Samples that go through the network at once. */
  public final BackboneTransformer setBatchSize(int value) {
    set(batchSize, value);
    return self();
  }

  public final IntParam readers() {
    return readers;
  }

  public final int getReaders() {
    return (int) getOrDefault(readers);
  }

  /** Files that a task reads at once. */
  public final BackboneTransformer setReaders(int value) {
    set(readers, value);
    return self();
  }

  public final IntParam maxSeconds() {
    return maxSeconds;
  }

  public final int getMaxSeconds() {
    return (int) getOrDefault(maxSeconds);
  }

  /** A recording may declare. */
  public final BackboneTransformer setMaxSeconds(int value) {
    set(maxSeconds, value);
    return self();
  }

  public final LongParam maxBytes() {
    return maxBytes;
  }

  public final long getMaxBytes() {
    return (long) getOrDefault(maxBytes);
  }

  /** Of one sample. */
  public final BackboneTransformer setMaxBytes(long value) {
    set(maxBytes, value);
    return self();
  }

  public final LongParam maxPixels() {
    return maxPixels;
  }

  public final long getMaxPixels() {
    return (long) getOrDefault(maxPixels);
  }

  /** A picture may declare. */
  public final BackboneTransformer setMaxPixels(long value) {
    set(maxPixels, value);
    return self();
  }
}
