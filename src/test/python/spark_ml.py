"""Fits, saves, loads and scores by PySpark. spark-submit ... spark_ml.py PICTURES FOLDER [MODEL]"""

import sys

import graft
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import MulticlassClassificationEvaluator, RegressionEvaluator
from pyspark.ml.feature import StringIndexer
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import SparkSession

pictures, folder = sys.argv[1:3]
spark = SparkSession.builder.getOrCreate()
notebook = graft.on(spark)

# three lines
table = notebook.pictures(pictures)
features = notebook.backbone("mobilenetv2.coco").features(table)
model = notebook.fit(features, "label")
seen = model.evaluate(features)
print(seen)
assert seen.accuracy > 0.9, seen
assert model.labels() == sorted(row.label for row in table.select("label").distinct().collect())

# a pipeline, saved and loaded: the same predictions, bit for bit
backbone = graft.BackboneTransformer(backbone="mobilenetv2.coco", batchSize=4)
pipeline = Pipeline(stages=[backbone, graft.HeadEstimator(kind="ridge", l2=1)])
fitted = pipeline.fit(table)
fitted.write().overwrite().save(folder + "/pipeline")
pipeline.write().overwrite().save(folder + "/unfitted")
loaded = PipelineModel.load(folder + "/pipeline")
assert isinstance(loaded.stages[1], graft.HeadModel), loaded.stages
assert loaded.stages[0].getOrDefault("batchSize") == 4


def scored(by):
    return by.transform(table).select("path", "probability", "predictedLabel").orderBy("path").collect()


expected = scored(fitted)
assert scored(loaded) == expected
assert scored(Pipeline.load(folder + "/unfitted").fit(table)) == expected
alone = graft.HeadModel.load(folder + "/pipeline/stages/1_" + loaded.stages[1].uid)
assert alone.labels() == model.labels()

# what a user can mend is said, by what waits and by what Spark computes later
try:
    graft.HeadEstimator().fit(features.filter("label = 'fruit'"))
    raise AssertionError("one label is not enough")
except Exception as e:
    assert (graft.reason(e) or "").startswith("Cannot train a head: one label a sample needs two"), e
broken = spark.sql("select unhex('0102') as content")
try:
    backbone.transform(broken).collect()
    raise AssertionError("that is no picture")
except Exception as e:
    assert (graft.reason(e) or "").startswith("Cannot extract features: UNSUPPORTED"), e

# numbers, several labels, int8
sizes = features.selectExpr("*", "length(path) as size", "array(label, 'any') as labels")
predicted = graft.HeadEstimator(kind="regression", labelCol="size", epochs=2).fit(sizes).transform(sizes)
assert RegressionEvaluator(labelCol="size", metricName="rmse").evaluate(predicted) >= 0
several = graft.HeadEstimator(labelCol="labels", multiLabel=True, labels=["any", *model.labels()]).fit(sizes)
assert several.labels()[0] == "any" and several.evaluate(sizes, "labels").metric("microF1") > 0.5
few = table.limit(6)
int8 = graft.BackboneTransformer(backbone="mobilenetv2.coco").calibrated(few)
assert int8.getOrDefault("precision") == "int8" and int8.transform(few).count() == 6

# cross validation over features that were computed once
indexed = StringIndexer(inputCol="label", outputCol="number").fit(features).transform(features)
head = graft.HeadEstimator(labelCol="number", kind="ridge")
chosen = CrossValidator(
    estimator=head,
    estimatorParamMaps=ParamGridBuilder().addGrid(head.l2, [0.1, 1000.0]).build(),
    evaluator=MulticlassClassificationEvaluator(labelCol="number", metricName="logLoss"),
    numFolds=2,
    seed=3,
).fit(indexed)
assert len(chosen.avgMetrics) == 2 and chosen.bestModel.labels(), chosen.avgMetrics

# a published model, by SQL
if len(sys.argv) > 3:
    notebook.register()
    table.createOrReplaceTempView("pictures")
    rows = spark.sql(f"select p.label, p.reason from (select graft_predict('{sys.argv[3]}', content) as p from pictures)")
    assert rows.filter("label is null or reason is not null").count() == 0
print("spark_ml.py: done")
