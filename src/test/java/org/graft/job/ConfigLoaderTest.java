package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.graft.common.ExitCode;
import org.graft.common.UserError;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.sample.SampleSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  private static final String LEAST =
      """
      name: least
      workspace: ws
      source: {kind: folder, path: pictures}
      backbone: {card: mobilenetv2.coco}
      """;
  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOME_OF_DATA", "/data", "EPOCHS", "7", "ODD", "$1\\2", "EMPTY", "");

  @TempDir Path home;

  private ConfigLoader.Loaded<JobConfig> loaded(String yaml, String... overrides)
      throws IOException {
    Path file = Files.writeString(home.resolve("job.yaml"), yaml);
    return new ConfigLoader(ENVIRONMENT, Path.of("/working"))
        .load(file, List.of(overrides), JobConfig.class);
  }

  private JobConfig load(String yaml, String... overrides) throws IOException {
    return loaded(yaml, overrides).config();
  }

  private String refusal(String yaml, String... overrides) {
    UserError e = assertThrows(UserError.class, () -> load(yaml, overrides));
    assertEquals(ExitCode.BAD_INPUT, e.exitCode());
    return e.getMessage();
  }

  private static void assertSays(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
    }
  }

  @Test
  void fiveMistakesAreReportedAtOnce() {
    String message =
        refusal(
            """
            workspace: ws
            source: {kind: folder, path: p}
            backbone: {card: c, bacth: 4}
            train: {epochs: ten, updater: adan, l2: -1}
            """);
    assertSays(
        message,
        "Cannot use " + home.resolve("job.yaml") + " (5 problems):",
        "\n  - 'name' is missing",
        "\n  - 'backbone.bacth' is not a key. Did you mean 'batch'? Keys here: [card, cut, ",
        "\n  - 'train.epochs' must be a whole number, not \"ten\"",
        "\n  - 'train.updater' is 'adan': it must be one of [sgd, nesterovs, adam]. Did you mean 'adam'?",
        "\n  - 'train.l2' is -1.0: it must not be negative");
  }

  @Test
  void everyDefaultIsTheOneDocumented() throws IOException {
    Map<String, Object> effective = loaded(LEAST).effective();
    String text =
        """
        averaging.kind=graft
        averaging.localSteps=4
        averaging.localStepsMost=16
        averaging.serverMomentum=0.0
        averaging.shardBy=
        averaging.workers=2
        backbone.batch=8
        backbone.card=mobilenetv2.coco
        backbone.cardMemory=0
        backbone.cut=
        backbone.device=CPU
        backbone.engine=AUTO
        backbone.jpegScaling=NONE
        backbone.pooling=
        backbone.sha256=
        backbone.weights=
        dataDoctor.cosine=0.95
        dataDoctor.enabled=false
        dataDoctor.most=50
        drift.warn.confidence=0.1
        drift.warn.featureCovariance=0.1
        drift.warn.featureMean=0.1
        drift.warn.labels=0.1
        drift.warn.predictions=0.1
        evaluate.hierarchy=
        evaluate.topK=5
        extract.partitions=0
        extract.readers=4
        extract.views=1
        finetune.decay=0.4
        finetune.epochs=10
        finetune.from=
        finetune.headEpochs=0
        finetune.learningRate=1.0E-4
        finetune.unfreezeEvery=0
        gate={}
        grid.classWeights=[]
        grid.cut=[]
        grid.folds=0
        grid.l2=[]
        grid.labelColumn=[]
        grid.learningRate=[]
        head.kind=linear
        labels=[]
        limits.bytes=67108864
        limits.pixels=100000000
        limits.rejected=0.01
        limits.seconds=600
        lock.staleSeconds=300
        mlflow.experiment=
        mlflow.model=true
        mlflow.trackingUri=
        multiLabel=false
        name=least
        partitions.column=date
        partitions.since=
        partitions.until=
        precision.kind=fp32
        publish.exports=[DL4J, ONNX]
        publish.keep=0
        publish.signingKey=
        seed=42
        source.kind=folder
        source.path=%s/pictures
        split.test=0.2
        split.train=0.7
        split.validation=0.1
        train.baseline=false
        train.batch=32
        train.checkpoint.rounds=0
        train.checkpoint.seconds=60
        train.classWeights=NONE
        train.convergence.iterations=500
        train.convergence.tolerance=1.0E-5
        train.epochs=50
        train.focalGamma=0.0
        train.l2=1.0E-4
        train.labelSmoothing=0.0
        train.learningRate=0.001
        train.method=AVERAGING
        train.patience=5
        train.schedule=PLATEAU
        train.standardize=true
        train.updater=ADAM
        train.warmStart=NONE
        train.weightColumn=
        weights.cache=
        weights.mirror=
        weights.offline=false
        workspace=%s/ws"""
            .formatted(home, home);
    assertEquals(
        text,
        String.join(
            "\n",
            effective.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()));
  }

  @Test
  void theOtherKindsHaveDefaultsToo() throws IOException {
    assertEquals(
        new SampleSource.Manifest("/m.csv", "path", "label", "split", "|"),
        load(LEAST, "source.kind=manifest", "source.path=/m.csv").source());
    assertEquals(
        new SampleSource.Table("/t", "", "path", "label", "split"),
        load(LEAST, "source.kind=Table", "source.path=/t").source());
    assertEquals(
        new SampleSource.Text("/t.jsonl", "text", "", "path", "label", "split", "|"),
        load(LEAST, "source.kind=text", "source.path=/t.jsonl").source());
    assertEquals(new HeadSpec.Mlp(List.of(256)), load(LEAST, "head.kind=mlp").head());
    assertEquals(new HeadSpec.Cosine(0), load(LEAST, "head.kind=cosine").head());
    assertEquals(new HeadSpec.Regression(List.of(), 0), load(LEAST, "head.kind=regression").head());
    assertEquals(
        new HeadSpec.Ordinal(List.of()),
        load(LEAST, "head.kind=ordinal", "labels=[low, high]").head());
  }

  @Test
  void aTextIsShortForAKindAndItsKeysMayBeSetAfterwards() throws IOException {
    assertEquals(new HeadSpec.Mlp(List.of(256)), load(LEAST, "head=mlp").head());
    assertEquals(
        new HeadSpec.Mlp(List.of(9)), load(LEAST + "head: mlp\n", "head.hidden=[9]").head());
    assertEquals(
        new PrecisionConfig.Int8(256, 2000, 0.5),
        load(LEAST, "precision=int8", "precision.tolerance=0.5").precision());
    assertEquals(new PrecisionConfig.Fp32(), load(LEAST).precision());
  }

  @Test
  void eachValueSaysWhereItIsFrom() throws IOException {
    var origins = loaded(LEAST + "head: mlp\n", "train.epochs=3", "precision=int8").origins();
    assertEquals("job.yaml", origins.get("name"));
    assertEquals("job.yaml", origins.get("head.kind"));
    assertEquals("default", origins.get("head.hidden"));
    assertEquals("-s", origins.get("train.epochs"));
    assertEquals("-s", origins.get("precision.kind"));
    assertEquals("default", origins.get("precision.tolerance"));
    assertEquals("default", origins.get("evaluate.topK"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "source.kind=floder; 'source.kind' is 'floder': it must be one of [folder, manifest, table, tar, text]. Did you mean 'folder'?",
        "source.kind=; 'source.kind' is missing: it must be one of [folder, manifest, table, tar, text].",
        "head.kind=[mlp]; 'head.kind' is '[\"mlp\"]': it must be one of [linear, mlp, ordinal, regression, cosine, ridge, lda].",
        "head.hidden=[8]; 'head.hidden' is not a key. Keys here: [kind]",
        "name=a/b; 'name' is 'a/b': use letters, digits, '.', '_' and '-'",
        "labels=[a, b, a]; 'labels' names a class twice",
        "labels=[a]; 'labels' has 1 class: it needs at least 2",
        "labels=a; 'labels' must be a list like [a, b], not \"a\"",
        "labels=[a, [b]]; 'labels[1]' must be a text, not [\"b\"]",
        "workspace=; 'workspace' is empty: name a folder",
        "workspace=s3a://A:b/c@bucket/ws; 'workspace' is s3a://***@bucket/ws: a password or key has no place in it.",
        "multiLabel=yes; 'multiLabel' must be true or false, not \"yes\"",
        "seed=1.5; 'seed' must be a whole number, not \"1.5\"",
        "seed=9223372036854775808; 'seed' must be a whole number",
        "train=5; 'train' must be a block of keys, not \"5\"",
        "name.first=x; 'name' must be a text, not {\"first\":\"x\"}",
        "split.train=0.9; 'split.train', 'validation' and 'test' are 0.9, 0.1 and 0.2: they must not be negative, train must be above 0, and they must sum to 1 (sum 1.2)",
        "train.learningRate=.inf; 'train.learningRate' must be a number, not \".inf\"",
        "train.learningRate=0; 'train.learningRate' is 0.0: it must be above 0",
        "train.patience=0; 'train.patience' is 0: it must be at least 1",
        "train.labelSmoothing=1; 'train.labelSmoothing' is 1.0: it must be 0 to below 1",
        "train.focalGamma=-1; 'train.focalGamma' is -1.0: it must be 0 to 10",
        "backbone.batch=1025; 'backbone.batch' is 1025: it must be 1 to 1024",
        "backbone.pooling=mean; 'backbone.pooling' is 'mean': it must be one of [avg, max, none, first, last], or absent",
        "backbone.sha256=abc; 'backbone.sha256' is 'abc': it must be 8 to 64 hexadecimal digits",
        "extract.readers=0; 'extract.readers' is 0: it must be 1 to 64",
        "extract.views=0; 'extract.views' is 0: it must be 1 to 64",
        "finetune.epochs=0; 'finetune.epochs' is 0: it must be at least 1",
        "finetune.learningRate=0; 'finetune.learningRate' is 0.0: it must be above 0",
        "finetune.decay=1.5; 'finetune.decay' is 1.5: it must be above 0, at most 1",
        "finetune.headEpochs=-1; 'finetune.headEpochs' is -1: it must not be negative",
        "finetune.unfreezeEvery=-1; 'finetune.unfreezeEvery' is -1: it must not be negative",
        "extract.partitions=-1; 'extract.partitions' is -1: it must not be negative",
        "backbone.device=gpu; 'backbone.device' is 'gpu': it must be one of [cpu, cuda, auto].",
        "backbone.cardMemory=-1; 'backbone.cardMemory' is -1: it must be 0 (no limit) to 1048576 MiB",
        "backbone.engine=torch; 'backbone.engine' is 'torch': it must be one of [auto, dl4j, onnx].",
        "precision=int4; 'precision.kind' is 'int4': it must be one of [fp32, tf32, fp16, int8]. Did you mean 'int8'?",
        "precision.tolerance=1; 'precision.tolerance' is not a key. Keys here: [kind]",
        "limits.rejected=1.01; 'limits.rejected' is 1.01: it must be 0 to 1",
        "limits.bytes=1073741825; 'limits.bytes' is 1073741825: it must be 1 to 2^30",
        "limits.pixels=0; 'limits.pixels' is 0: it must be at least 1",
        "limits.seconds=0; 'limits.seconds' is 0: it must be 1 to 2796",
        "limits.seconds=2797; 'limits.seconds' is 2797: it must be 1 to 2796",
        "publish.exports=[onxx]; 'publish.exports[0]' is 'onxx': it must be one of [dl4j, onnx]. Did you mean 'onnx'?",
        "partitions.since=2026-02-30; 'partitions.since' and 'partitions.until' are '2026-02-30' and '': write days like 2026-01-31",
        "publish.keep=-1; 'publish.keep' is -1: it must not be negative",
        "lock.staleSeconds=0; 'lock.staleSeconds' is 0: it must be 1 to 86400",
        "mlflow.trackingUri=file:/tmp/mlruns; 'mlflow.trackingUri' is 'file:/tmp/mlruns': it must begin with http:// or https://",
        "mlflow.trackingUri=https://me:secret@host; 'mlflow.trackingUri' is 'https://...@host': it must begin with http:// or https:// and hold no user or password, which are read from MLFLOW_TRACKING_TOKEN",
        "gate.accuracy=good; 'gate.accuracy' is 'good': write a comparison with a number or with the last published version, like '>= 0.9' or '>= last - 0.5pt'",
        "gate.accuracy=>= last - 5%; 'gate.accuracy' is '>= last - 5%': write a comparison",
        "gate.accuracy=[1]; 'gate.accuracy' must be a text, not",
        "dataDoctor.cosine=0.4; 'dataDoctor.cosine' is 0.4: it must be 0.5 to 1",
        "dataDoctor.cosine=1.1; 'dataDoctor.cosine' is 1.1: it must be 0.5 to 1",
        "dataDoctor.most=0; 'dataDoctor.most' is 0: it must be 1 to 10000",
        "drift.warn.labels=-1; 'drift.warn.labels' is -1.0: it must not be negative",
        "drift.wran.labels=1; 'drift.wran' is not a key. Did you mean 'warn'? Keys here: [warn]",
        "gate.acuracy=>= 0.5; 'gate.acuracy' is no metric of this head: it has [accuracy, macroF1, logLoss, calibrationError, top5Accuracy]. Did you mean 'accuracy'?",
        "gate.top6Accuracy=>= 0.5; 'gate.top6Accuracy' is no metric of this head: it has",
        "gate=x; 'gate' must be a block like {name: text}, not",
        "train.convergence.iterations=0; 'train.convergence': iterations must be positive: 0",
        "train.convergence.tolerance=1; 'train.convergence': tolerance must be above 0 and below 1: 1.0",
        "grid.labelColumn=[a, a]; 'grid.labelColumn' is [a, a] and 'grid.cut' []: name each once",
        "grid.labelColumn=[a, b c]; 'grid.labelColumn' is [a, b c]: a model would be named 'least.b c', but names",
        "averaging.workers=0; 'averaging': workers must be positive: 0",
        "train.checkpoint.seconds=-1; 'train.checkpoint': seconds must not be negative: -1",
        "train.checkpoint.rounds=-2; 'train.checkpoint': rounds must not be negative: -2",
        "averaging.localStepsMost=3; 'averaging': localStepsMost must be 0 or at least localSteps: 3, 4",
        "averaging.serverMomentum=1; 'averaging': serverMomentum must be 0 to below 1: 1.0",
        "evaluate.topK=0; 'evaluate.topK' is 0: it must be at least 1",
        "novalue; -s novalue: write -s key.path=value",
        "=x; -s =x: write -s key.path=value",
        "wrokspace=x; 'wrokspace' is not a key. Did you mean 'workspace'?",
      })
  void eachMistakeIsNamedWithItsValueAndLimit(String override, String problem) {
    assertSays(refusal(LEAST, override), "(1 problem):\n  - " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "train.method=optimum; head=mlp; 'train.method' is optimum: only a linear head has one",
        "train.method=optimum; grid.learningRate=[0.1]; 'grid.learningRate' is [0.1]: an optimum has no learning rate",
        "partitions.since=2026-02-01; partitions.until=2026-01-31; 'partitions.since' is 2026-02-01, after 'partitions.until' 2026-01-31: no day is both",
        "partitions.since=2026-02-01; partitions.column=; 'partitions.column' is empty: name what folders COLUMN=DAY",
        "multiLabel=true; grid.labelColumn=[a]; 'grid.labelColumn' is [a]: each has one label a sample",
        "labels=[x, y]; grid.labelColumn=[a]; 'grid.labelColumn' is [a]: each has one label a sample",
      })
  void settingsThatDoNotGoTogetherAreRefused(String one, String other, String problem) {
    assertSays(refusal(LEAST, one, other), "(1 problem):\n  - " + problem);
  }

  @Test
  void secretsAreHiddenInWhatIsTold() throws IOException {
    var effective =
        loaded(LEAST, "weights.mirror=https://me:pass@host/x?token=abc", "labels=[a, password=b]")
            .effective();
    assertEquals("https://***@host/x?token=***", effective.get("weights.mirror"));
    assertEquals(List.of("a", "password=***"), effective.get("labels"));
    assertSays(
        refusal(LEAST, "train.l2=secret.key=abc"), "must be a number, not \"secret.key=abc\"");
  }

  @Test
  void keysThatAreTrustedAreFiles() throws IOException {
    Path file =
        Files.writeString(
            home.resolve("score.yaml"),
            """
            bundle: b
            source: {kind: folder, path: p}
            output: o
            trustedKeys: [a.pem, /keys/b.pem]
            """);
    ConfigLoader loader = new ConfigLoader(ENVIRONMENT, Path.of("/working"));
    assertEquals(
        List.of(home + "/a.pem", "/keys/b.pem"),
        loader.load(file, List.of(), ScoreConfig.class).config().trustedKeys());
    assertEquals(
        List.of("/working/c.pem"),
        loader
            .load(file, List.of("trustedKeys=[c.pem]"), ScoreConfig.class)
            .config()
            .trustedKeys());
    UserError e =
        assertThrows(
            UserError.class,
            () -> loader.load(file, List.of("trustedKeys=c.pem"), ScoreConfig.class));
    assertSays(e.getMessage(), "'trustedKeys' must be a list like [a, b], not \"c.pem\"");
  }

  @Test
  void anMlpSaysWhatItsWidthsMustBe() {
    assertSays(
        refusal(LEAST, "head.kind=mlp", "head.hidden=[0]"),
        "'head': hidden widths must be positive: [0]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "head=ordinal; ; 'labels' is [], but an ordinal head must know their order: list them, lowest first",
        "head=regression; labels=[a, b]; 'labels' is [a, b], but a regression head gives a number: leave it empty",
        "head=regression; train.classWeights=balanced; 'train.classWeights' is set, but a regression head has no classes: leave it at none",
        "head=regression; multiLabel=true; 'multiLabel' is true, but a head of this 'head.kind' serves one label a sample: take linear or mlp",
        "head=regression; train.focalGamma=2; 'train.labelSmoothing' and 'train.focalGamma' are 0.0 and 2.0, but the loss of this 'head.kind' has neither: leave them at 0",
        "head=cosine; train.labelSmoothing=0.1; 'train.labelSmoothing' and 'train.focalGamma' are 0.1 and 0.0, but the loss of this 'head.kind' has neither: leave them at 0",
        "head=cosine; train.method=optimum; 'train.method' is optimum, but that is for 'head.kind: linear': leave it at averaging",
        "head=regression; evaluate.hierarchy=/; 'evaluate.hierarchy' is '/', but that is for heads that give one of several labels: leave it empty",
        "head=regression; grid.labelColumn=[a]; 'grid.labelColumn' is [a], but that is for labels without an order: leave it empty",
        "head=ridge; finetune.from=block5_add; 'finetune.from' is 'block5_add', but a head of this 'head.kind' is not trained with the network: take linear or mlp, or leave it empty",
        "head=cosine; train.warmStart=last; 'train.warmStart' is last, but a head of this 'head.kind' (or with 'head.batchNorm') is published in a form that no training can go on from: take linear, mlp, ridge or lda, or leave it at none",
        "train.method=optimum; train.warmStart=last; 'train.warmStart' is last, but 'train.method' is optimum, which ends at the same head wherever it begins: leave it at none",
        "grid.l2=[1, 2]; train.warmStart=last; 'train.warmStart' is last, but 'grid' asks for several heads: leave one of both out",
        "grid.cut=[a, b]; train.warmStart=last; 'train.warmStart' is last, but 'grid' asks for several heads: leave one of both out",
        "finetune.from=a; train.warmStart=last; 'train.warmStart' is last, but 'finetune.from' makes other features in each run: leave one of both out",
        "averaging.kind=dl4j-stock; train.warmStart=last; 'train.warmStart' is last, but 'averaging.kind' is dl4j-stock: set it to graft",
        "head=regression; head.huber=-1; 'head': huber must not be negative: -1.0",
        "head=regression; head.hidden=[8, 0]; 'head': hidden widths must be positive: [8, 0]",
      })
  void whatAKindOfHeadDoesNotServeIsRefused(String kind, String other, String problem) {
    String[] overrides = other == null ? new String[] {kind} : new String[] {kind, other};
    assertSays(refusal(LEAST, overrides), "(1 problem):\n  - " + problem);
  }

  @Test
  void sumsOfOtherRowsAndFoldedLayersAreNoStart() {
    assertSays(
        refusal(LEAST, "head=mlp", "head.batchNorm=true", "train.warmStart=last"),
        "(1 problem):\n  - 'train.warmStart' is last, but a head of this 'head.kind' (or with");
    assertSays(
        refusal(
            LEAST,
            "head=ridge",
            "train.warmStart=last",
            "train.classWeights=balanced",
            "extract.views=3"),
        "(2 problems):",
        "'train.warmStart' is last, but with 'train.classWeights' BALANCED each new sample changes what the others count: set it to none",
        "'train.warmStart' is last, but the sums behind a solved head do not know which 'extract.views' they are of");
  }

  @Test
  void aCosineHeadHasNothingForAGrid() {
    assertSays(
        refusal(LEAST, "head=cosine", "grid.l2=[0.1, 0.01]", "grid.learningRate=[0.1]"),
        "(2 problems):",
        "'train.l2' and 'grid.l2' are 1.0E-4 and [0.1, 0.01]: a cosine head has no l2, leave them out",
        "'grid.learningRate' is [0.1]: a cosine head is not trained; leave it out");
    assertSays(
        refusal(LEAST, "head=cosine", "train.l2=0.5"),
        "(1 problem):\n  - 'train.l2' and 'grid.l2' are 0.5 and []: a cosine head has no l2");
  }

  @Test
  void aCosineHeadSaysWhatItTakes() {
    assertSays(
        refusal(LEAST, "head.kind=cosine", "head.scale=101"),
        "'head': the scale of a cosine head must be 0.01 to 100.0, or 0 to fit it: 101.0");
    assertSays(
        refusal(LEAST, "head=cosine", "multiLabel=true"),
        "'multiLabel' is true, but a head of this 'head.kind' serves one label a sample: take linear or mlp");
  }

  @Test
  void anMlpHasDropoutAndBatchNorm() throws IOException {
    assertEquals(
        new HeadSpec.Mlp(List.of(8), 0.5, true),
        load(LEAST + "head: {kind: mlp, hidden: [8], dropout: 0.5, batchNorm: true}\n").head());
    for (String wrong : List.of("1", "-0.1")) {
      assertSays(
          refusal(LEAST, "head.kind=mlp", "head.dropout=" + wrong),
          "'head': dropout must be 0 to below 1: " + Double.parseDouble(wrong));
    }
  }

  @Test
  void aHeadThatIsSolvedSaysWhatItCannotHonour() {
    assertSays(
        refusal(LEAST, "head=ridge", "train.l2=0.5", "grid.learningRate=[0.1]"),
        "(2 problems):",
        "'train.l2' is 0.5: a ridge head chooses its own, write 'grid.l2: [0.5]' to fix it",
        "'grid.learningRate' is [0.1]: a ridge head is solved, not trained; leave it out");
    assertSays(
        refusal(LEAST, "head=lda", "grid.l2=[0.1]", "multiLabel=true", "train.focalGamma=2"),
        "(3 problems):",
        "'grid.l2' is [0.1]: an lda head has no l2, list values in 'head.shrinkage'",
        "'train.labelSmoothing' and 'train.focalGamma' are 0.0 and 2.0: an lda head has a loss of its own, leave them at 0",
        "'multiLabel' is true: an lda head gives one label a sample, use 'head: ridge'");
    assertSays(
        refusal(LEAST, "head=ridge", "multiLabel=true", "train.classWeights=balanced"),
        "'train.classWeights' is BALANCED: a ridge head of many labels");
    assertSays(
        refusal(LEAST, "head.kind=lda", "head.shrinkage=[0.1, 1.5]"),
        "'head': shrinkage must be 0 to 1: [0.1, 1.5]");
  }

  @Test
  void dl4jsOwnAveragingHasItsOwnKeys() throws IOException {
    assertEquals(
        new Averaging.Dl4jStock(2, 5), load(LEAST, "averaging.kind=dl4j-stock").averaging());
    assertSays(
        refusal(LEAST, "averaging.kind=dl4j-stock", "averaging.averagingFrequency=0"),
        "'averaging': averagingFrequency must be positive: 0");
    assertSays(
        refusal(LEAST, "averaging.kind=dl4j-stock", "averaging.localSteps=4"),
        "'averaging.localSteps' is not a key.");
  }

  @Test
  void dl4jsOwnAveragingDoesNotPassOverWhatItHasNot() throws IOException {
    String stock = "averaging.kind=dl4j-stock";
    assertSays(
        refusal(LEAST, stock, "train.checkpoint.rounds=10", "train.weightColumn=w"),
        "(2 problems):",
        "'train.checkpoint' is Rhythm[rounds=10, seconds=60], but 'averaging.kind' is dl4j-stock, which keeps no state: leave it out, or set 'averaging.kind' to graft",
        "'train.weightColumn' is 'w', but 'averaging.kind' is dl4j-stock, which weighs all samples the same: leave it empty, or set 'averaging.kind' to graft");
    assertEquals(
        "w", load(LEAST, stock, "head=ridge", "train.weightColumn=w").train().weightColumn());
  }

  @Test
  void whereNothingLiesBesideTheConfigRelativePathsAreRefused() throws IOException {
    Path file = Files.writeString(home.resolve("job.yaml"), LEAST);
    ConfigLoader loader = new ConfigLoader(ENVIRONMENT, home, null, true);
    UserError relative =
        assertThrows(
            UserError.class, () -> loader.load(file, List.of("workspace=/work"), JobConfig.class));
    assertSays(
        relative.getMessage(),
        "'source.path' is the relative path 'pictures', and the driver runs on another machine: write it absolute, or as a URI");
    JobConfig config =
        loader
            .load(file, List.of("workspace=/work", "source.path=hdfs://name/data"), JobConfig.class)
            .config();
    assertEquals("/work", config.workspace());
    assertEquals("hdfs://name/data", config.source().path());
  }

  @Test
  void theRunsDayStandsForItselfDaysAroundItAndOtherForms() throws IOException {
    String yaml =
        LEAST.replace("path: pictures", "path: '${HOME_OF_DATA}/${run-date:yyyy/MM/dd}'")
            + "partitions: {since: '${run-date-29}', until: '${run-date+1}'}\n";
    Path file = Files.writeString(home.resolve("job.yaml"), yaml);
    var loaded =
        new ConfigLoader(ENVIRONMENT, home, LocalDate.of(2026, 1, 31))
            .load(file, List.of("name=d${run-date:yyyyMMdd}"), JobConfig.class);
    assertEquals("/data/2026/01/31", loaded.config().source().path());
    assertEquals("2026-01-02", loaded.config().partitions().since());
    assertEquals("2026-02-01", loaded.config().partitions().until());
    assertEquals("d20260131", loaded.config().name());
    assertEquals("--run-date", loaded.origins().get("name"));
    assertEquals("2026-01-02", loaded.effective().get("partitions.since"));
    assertEquals("${HOME_OF_DATA}/2026/01/31", loaded.effective().get("source.path"));
    assertSays(
        refusal(LEAST, "source.path=/d/${run-date}"),
        "'source.path' names ${run-date}: add --run-date YYYY-MM-DD");
    UserError form =
        assertThrows(
            UserError.class,
            () ->
                new ConfigLoader(ENVIRONMENT, home, LocalDate.of(2026, 1, 31))
                    .load(file, List.of("name=${run-date:fg}"), JobConfig.class));
    assertSays(form.getMessage(), "'name' has the form 'fg' for ${run-date}: write one like");
  }

  @Test
  void overridesReachNestedKeysListsAndTextsWithEquals() throws IOException {
    JobConfig config =
        load(
            LEAST,
            "train.epochs=3",
            "train.epochs=4",
            "labels=[cat, 'a=b', 010]",
            "source.path=/x=y",
            "publish.exports=[]",
            "backbone.weights=",
            "train.learningRate=1e-2",
            "limits.pixels=1_000");
    assertEquals(4, config.train().epochs());
    assertEquals(List.of("cat", "a=b", "010"), config.labels());
    assertEquals("/x=y", config.source().path());
    assertEquals(List.of(), config.publish().exports());
    assertEquals("", config.backbone().weights());
    assertEquals(0.01, config.train().learningRate());
    assertEquals(1000, config.limits().pixels());
  }

  /** YAML's own reading would give 342391, Infinity, 8 and 1. */
  @ParameterizedTest
  @ValueSource(strings = {"01234567", "12345e67890", "010", "0x1"})
  void textsThatLookLikeNumbersStayAsTheyAre(String text) throws IOException {
    assertEquals(List.of(text, "b"), load(LEAST + "labels: [%s, b]\n".formatted(text)).labels());
    if (text.length() >= 8) {
      assertEquals(text, load(LEAST, "backbone.sha256=" + text).backbone().sha256());
    }
  }

  @Test
  void variablesComeFromTheEnvironment() throws IOException {
    JobConfig config =
        load(
            LEAST
                + """
                labels: ["${ODD}", "${ABSENT:-x:y}", "${EMPTY}"]
                train: {epochs: "${EPOCHS}", batch: "${ABSENT:-16}"}
                """,
            "workspace=${HOME_OF_DATA}/ws");
    assertEquals(List.of("$1\\2", "x:y", ""), config.labels());
    assertEquals(7, config.train().epochs());
    assertEquals(16, config.train().batch());
    assertEquals("/data/ws", config.workspace());
  }

  @Test
  void whatIsWrittenDownDoesNotHoldWhatCameFromTheEnvironment() throws IOException {
    var effective =
        loaded(LEAST + "labels: [\"${ODD}\", b]\n", "workspace=${HOME_OF_DATA}/ws").effective();
    assertEquals("${HOME_OF_DATA}/ws", effective.get("workspace"));
    assertFalse(effective.toString().contains("$1"), effective::toString);
    assertEquals("least", effective.get("name"));
  }

  @Test
  void aVariableThatIsNotSetIsNamedWithItsKey() {
    assertSays(
        refusal(LEAST, "workspace=${NOT_SET}/x", "labels=['${NEITHER}', b]"),
        "'workspace' names the environment variable NOT_SET, which is not set",
        "'labels' names the environment variable NEITHER, which is not set");
  }

  @Test
  void relativePathsCountFromWhereTheyStand() throws IOException {
    JobConfig config =
        load(LEAST, "workspace=ws/../other", "backbone.weights=w.pth", "backbone.card=own.json");
    assertEquals("/working/other", config.workspace());
    assertEquals("/working/w.pth", config.backbone().weights());
    assertEquals("/working/own.json", config.backbone().card());
    assertEquals(home.resolve("pictures").toString(), config.source().path());
    JobConfig card = load(LEAST.replace("mobilenetv2.coco", "cards/own.json"));
    assertEquals(home.resolve("cards/own.json").toString(), card.backbone().card());
  }

  @ParameterizedTest
  @CsvSource({
    "s3a://bucket/a b/[x], s3a://bucket/a b/[x]",
    "hdfs:///data/../x, hdfs:///data/../x",
    "s3a://bucket/ws//, s3a://bucket/ws",
    "file:///tmp/x/, file:///tmp/x",
    "s3a://bucket/, s3a://bucket",
    "file:///, file:///",
    "/a:/b/, /a:/b",
  })
  void urisAreLeftAloneButForSlashesAtTheirEnd(String given, String used) throws IOException {
    assertEquals(used, load(LEAST, "workspace=" + given).workspace());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "name: a\\nname: b; line 2: Duplicate field 'name'",
        "name: a\\n\\ttrain: 1; line 2: ",
        "name: a\\nlabels: [a, b\\nseed: 1; line ",
        "name: &n a\\nworkspace: *n; line 2: '*n' refers to another value, which a config cannot do. Write the value itself.",
        "name: a\\n---\\nname: b; line 3: a second document begins ('---'), which a config cannot do. Use a file for each.",
      })
  void whatIsNotYamlIsRefusedWithItsLine(String yaml, String problem) {
    String message = refusal(yaml.replace("\\n", "\n").replace("\\t", "\t"));
    assertSays(message, "Cannot read config " + home.resolve("job.yaml") + ": ", problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "- a\n- b\n", "just text"})
  void whatIsNoBlockOfKeysIsRefused(String yaml) {
    assertSays(refusal(yaml), "it is not a block of keys. Write 'key: value' lines");
  }

  @Test
  void deepNestingEndsInAMessage() {
    assertSays(refusal("name: " + "[".repeat(100_000)), "Cannot read config");
  }

  @Test
  void aMissingAFolderAndAHugeFileAreRefused() throws IOException {
    ConfigLoader loader = new ConfigLoader(Map.of(), home);
    for (Path absent : List.of(home.resolve("no.yaml"), home)) {
      UserError e =
          assertThrows(UserError.class, () -> loader.load(absent, List.of(), JobConfig.class));
      assertSays(
          e.getMessage(),
          "Cannot read config " + absent + ": there is no such file. Give the path");
    }
    assertSays(
        refusal("#".repeat((1 << 20) + 1)),
        "it has 1048577 bytes (limit 1048576). Is it a config?");
  }

  @Test
  void aFileThatIsNotTextIsRefused() throws IOException {
    Path file = Files.write(home.resolve("x.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    UserError e =
        assertThrows(
            UserError.class,
            () -> new ConfigLoader(Map.of(), home).load(file, List.of(), JobConfig.class));
    assertSays(e.getMessage(), "Cannot read config " + file + ": it is not UTF-8 text");
  }

  @Test
  void scoringHasItsOwnKeys() throws IOException {
    Path file = Files.writeString(home.resolve("s.yaml"), "bundle: m\noutput: ''\ntopk: 3\n");
    UserError e =
        assertThrows(
            UserError.class,
            () -> new ConfigLoader(Map.of(), home).load(file, List.of(), ScoreConfig.class));
    assertSays(
        e.getMessage(),
        "(3 problems)",
        "'topk' is not a key. Did you mean 'topK'?",
        "'source.kind' is missing",
        "'output' is empty: name a folder");
  }

  @Test
  void fiveMistakesOnTheCommandLineGiveOneMessageAndNoTrace() throws IOException {
    Path file = Files.writeString(home.resolve("bad.yaml"), "nmae: x\nlabels: 1\n");
    Printed printed = Printed.by("run", file.toString(), "-s", "seed=x");
    assertEquals(2, printed.status());
    assertSays(printed.err(), "graft: Cannot use " + file, "'nmae' is not a key", "'seed' must be");
    assertTrue(Arrays.stream(printed.err().split("\n")).noneMatch(l -> l.startsWith("\tat ")));
    assertEquals(2, printed.summary().get("exitCode"));
  }
}
