"""A nightly run of Graft under Airflow 3: retried, back-filled, and a missed gate is a branch, not a failure.

Copy this file into the DAG folder, put the folder `submit/airflow` of Graft's checkout first on the PATH of Airflow's
workers (its `spark-submit` runs `submit/graft`), and set in their environment:

  GRAFT_CONF       the job's configuration, with ${run-date} where a day's data is named
  GRAFT_HOME       Graft's checkout
  GRAFT_SETTINGS   optional: more `key=value` settings of the configuration, with blanks between
  GRAFT_SUMMARIES  optional: a folder for the summaries; /tmp
  GRAFT_RETRY      optional: seconds before it is tried again, which grow; 600

The Airflow connection `spark_default` names the master, and the queue where there is one. Needs
apache-airflow-providers-apache-spark; its dependency pyspark is not used.

What becomes of Graft's exit codes:

  0          success; `outcome` of the summary (XCom `return_value` of `graft`) is `done` or `unchanged`
  3          a gate was missed, nothing was published: the branch `gate_missed`
  2, 5       wrong input, too many rejected samples: fails at once, since the same again would not help
  1, 4, 75   failed, input not there yet, another run holds the workspace: tried again
"""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from airflow.exceptions import AirflowException, AirflowFailException
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import BranchPythonOperator
from airflow.sdk import DAG

GATE_MISSED = 3
FOR_A_PERSON = (2, 5)


class GraftSubmitOperator(SparkSubmitOperator):
    """Runs Graft, reads its summary, and gives it to the tasks that follow."""

    template_fields = (*SparkSubmitOperator.template_fields, "summary")

    def __init__(self, *, verb: str, config: str, options: list[str], summary: str, **kwargs):
        self.summary = summary
        super().__init__(
            application=os.path.join(os.environ.get("GRAFT_HOME", ""), "target", "graft.jar"),
            java_class="org.graft.job.Main",
            application_args=[verb, config, "--json", summary, *options],
            **kwargs,
        )

    def execute(self, context):
        file = Path(self.summary)
        file.unlink(missing_ok=True)
        try:
            super().execute(context)
        except AirflowException:
            if not file.exists():  # refused before it began, or killed
                raise
        summary = json.loads(file.read_text(encoding="utf-8"))
        code = summary["exitCode"]
        if code in (0, GATE_MISSED):
            return summary
        error = AirflowFailException if code in FOR_A_PERSON else AirflowException
        raise error(f"graft ended with {code}: {summary.get('message')}")


def after(ti) -> str:
    """The task to go on with."""
    summary = ti.xcom_pull(task_ids="graft")
    if summary["exitCode"] == GATE_MISSED:
        return "gate_missed"
    return "nothing_new" if summary["outcome"] == "unchanged" else "published"


def settings() -> list[str]:
    return [word for each in os.environ.get("GRAFT_SETTINGS", "").split() for word in ("-s", each)]


with DAG(
    dag_id="graft",
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,  # `airflow backfill create` runs days that were missed
    max_active_runs=1,  # a second run of the workspace would end with 75
    default_args={
        "retries": 5,
        "retry_delay": timedelta(seconds=int(os.environ.get("GRAFT_RETRY", "600"))),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(hours=2),
    },
) as dag:
    graft = GraftSubmitOperator(
        task_id="graft",
        verb="run",
        config=os.environ.get("GRAFT_CONF", "nightly.yaml"),
        options=["--if-changed", "--run-date", "{{ ds }}", *settings()],
        summary=os.path.join(
            os.environ.get("GRAFT_SUMMARIES", "/tmp"), "{{ dag.dag_id }}-{{ ts_nodash }}.json"
        ),
        name="graft",
    )
    branch = BranchPythonOperator(task_id="after", python_callable=after)
    # What shall happen then takes the place of these: score the day, tell a person.
    published = EmptyOperator(task_id="published")
    nothing_new = EmptyOperator(task_id="nothing_new")
    gate_missed = EmptyOperator(task_id="gate_missed")
    graft >> branch >> [published, nothing_new, gate_missed]
