#!/usr/bin/env bash
# Starts an interpreter's process, as the script of Zeppelin's own distribution does it. Zeppelin's server calls it:
# -d FOLDER of the interpreter, -c HOST and -p PORT of the server, -r RANGE of ports, -i GROUP.
set -euo pipefail

while getopts d:c:p:r:i:u:l:g: option; do
  case $option in
    d) folder=$OPTARG ;;
    c) host=$OPTARG ;;
    p) port=$OPTARG ;;
    r) range=$OPTARG ;;
    i) group=$OPTARG ;;
    *) ;;
  esac
done

main=org.apache.zeppelin.interpreter.remote.RemoteInterpreterServer
if [ "$(basename "$folder")" = spark ]; then
  # --conf|key=value|--conf|..., from the interpreter's settings and the note's %spark.conf
  IFS='|' read -ra settings <<<"${ZEPPELIN_SPARK_CONF#|}"
  # shellcheck disable=SC2086 # options of Java's
  exec "$JAVA_HOME/bin/java" $GRAFT_SPARK_OPTIONS -cp "$GRAFT_SPARK_CLASSPATH" org.apache.spark.deploy.SparkSubmit \
    "${settings[@]}" --class "$main" spark-internal "$host" "$port" "$group" "$range"
fi
exec "$JAVA_HOME/bin/java" -Xmx256m -cp "$GRAFT_ZEPPELIN_CLASSPATH" "$main" "$host" "$port" "$group" "$range"
