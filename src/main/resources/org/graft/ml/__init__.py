"""Spark ML's stages of Graft for PySpark. Modules have the names of Java's packages, as PySpark wants it of stages that
come out of a saved pipeline; users import them from `graft`."""

from pyspark.ml.param import TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel, JavaTransformer
from pyspark.sql import DataFrame

_CONVERTERS = {
    "DoubleParam": TypeConverters.toFloat,
    "IntParam": TypeConverters.toInt,
    "LongParam": TypeConverters.toInt,
    "BooleanParam": TypeConverters.toBoolean,
    "DoubleArrayParam": TypeConverters.toListFloat,
    "IntArrayParam": TypeConverters.toListInt,
    "StringArrayParam": TypeConverters.toListString,
}


class _Stage(JavaMLReadable, JavaMLWritable):
    """Parameters, their documentation and their defaults are those of the Java stage."""

    def _like_java(self, params):
        self._java_obj = self._new_java_obj(self._java_class, self.uid)
        self._create_params_from_java()
        for java in self._java_obj.params():
            kind = java.getClass().getSimpleName()
            getattr(self, java.name()).typeConverter = _CONVERTERS.get(kind, TypeConverters.identity)
        self._transfer_params_from_java()
        self.setParams(**params)

    def setParams(self, **params):
        """Sets parameters by name; `explainParams()` tells all of them."""
        self._set(**params)
        return self


class BackboneTransformer(_Stage, JavaTransformer):
    """Samples through a frozen network: BackboneTransformer(backbone="mobilenetv2.coco", inputCol="content")."""

    _java_class = "org.graft.ml.BackboneTransformer"

    def __init__(self, **params):
        super().__init__()
        self._like_java(params)

    def calibrated(self, samples):
        """The same in int8: the ranges of the network's numbers are measured on up to 256 samples, and kept."""
        self._transfer_params_to_java()
        ranges = self._java_obj.calibrated(samples._jdf).getRanges()
        return self.copy({self.precision: "int8", self.ranges: ranges})


class HeadEstimator(_Stage, JavaEstimator):
    """Fits a head to features: HeadEstimator(kind="ridge", labelCol="label")."""

    _java_class = "org.graft.ml.HeadEstimator"

    def __init__(self, **params):
        super().__init__()
        self._like_java(params)

    def _create_model(self, java_model):
        return HeadModel(java_model)


class HeadModel(_Stage, JavaModel):
    """A head."""

    def labels(self):
        """What the outputs mean, in their order."""
        return list(self._call_java("labels"))

    def evaluate(self, labelled, label="label"):
        """How good it is on labelled features."""
        return HeadEvaluation(self._java_obj.evaluate(labelled._jdf, label), labelled.sparkSession)


class HeadEvaluation:
    """Figures, and tables of them. As text, a summary."""

    def __init__(self, java, spark):
        self._java, self._spark = java, spark

    def metric(self, name):
        """A figure by its name: accuracy, macroF1, logLoss, calibrationError."""
        return self._java.metric(name)

    @property
    def accuracy(self):
        return self._java.accuracy()

    def confusion(self):
        """label, predicted, samples: the cells that are not zero."""
        return DataFrame(self._java.confusion(), self._spark)

    def per_label(self):
        """label, samples, precision, recall, f1."""
        return DataFrame(self._java.perLabel(), self._spark)

    def __repr__(self):
        return self._java.toString()
