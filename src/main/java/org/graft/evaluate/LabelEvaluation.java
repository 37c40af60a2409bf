package org.graft.evaluate;

import java.util.List;
import org.graft.evaluate.Evaluation.Averages;
import org.graft.evaluate.Evaluation.ClassScore;

/** Metrics where samples have labels. */
public sealed interface LabelEvaluation extends Evaluation
    permits SingleLabelEvaluation, MultiLabelEvaluation, OrdinalEvaluation {

  /** Samples whose label (or whose set of labels) is exactly right, as a share. */
  double accuracy();

  /** The plain mean over classes. */
  Averages macro();

  /** Over all decisions together. */
  Averages micro();

  /** The mean over classes, weighted by their support. */
  Averages weighted();

  /** In the order of the labels. */
  List<ClassScore> classes();
}
