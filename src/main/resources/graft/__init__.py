"""Graft from PySpark: `import graft`, with graft.jar in --py-files and on the class path.

    features = graft.on(spark).backbone("mobilenetv2.coco").features(graft.on(spark).pictures("pictures"))
    model = graft.on(spark).fit(features, "label")
"""

from org.graft.ml import BackboneTransformer, HeadEstimator, HeadEvaluation, HeadModel
from pyspark import SparkContext
from pyspark.sql import DataFrame

__all__ = ["BackboneTransformer", "HeadEstimator", "HeadEvaluation", "HeadModel", "Notebook", "on", "reason"]


def reason(exception):
    """What a user can mend, of an exception of Spark's; None where it is something else."""
    java = getattr(exception, "java_exception", None) or getattr(exception, "_origin", None)
    if java is None:
        return None
    behind = SparkContext._active_spark_context._jvm.org.graft.common.UserError.behind(java)
    return None if behind is None else behind.getMessage()


def on(spark):
    """Three lines from pictures to a head."""
    return Notebook(spark)


class Notebook:
    """org.graft.ml.Notebook."""

    def __init__(self, spark):
        self._spark = spark
        self._java = spark._jvm.org.graft.ml.Notebook(spark._jsparkSession)

    def pictures(self, folder):
        """path, content, label: the files below a folder, labelled by the folder that each is in."""
        return DataFrame(self._java.pictures(folder), self._spark)

    def backbone(self, name, **params):
        """A frozen network; params are those of BackboneTransformer."""
        return Backbone(self._spark, self._java, BackboneTransformer(backbone=name, **params))

    def fit(self, features, label="label", head=None):
        """Fits a head, linear unless another HeadEstimator is given."""
        estimator = head or HeadEstimator()
        estimator._transfer_params_to_java()
        return HeadModel(self._java.fit(features._jdf, label, estimator._java_obj))

    def register(self):
        """Gives SQL the function graft_predict('MODEL', SAMPLE)."""
        self._java.register()
        return self


class Backbone:
    """A frozen network of a Notebook."""

    def __init__(self, spark, java, transformer):
        self._spark, self._java, self.transformer = spark, java, transformer

    def features(self, samples):
        """Computes the features of all samples, now, and keeps them."""
        self.transformer._transfer_params_to_java()
        backbone = self._java.backbone(self.transformer._java_obj)
        return DataFrame(backbone.features(samples._jdf), self._spark)
