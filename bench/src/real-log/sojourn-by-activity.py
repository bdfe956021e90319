"""Durations of each activity of an event log as pm4py reckons them: pandas, from a CSV file to JSON."""

import json
import math
import sys

import numpy
import pandas

log = pandas.read_csv(sys.argv[1], usecols=["order_id", "stage", "timestamp"])
log["timestamp"] = pandas.to_datetime(log["timestamp"], utc=True)
log = log.sort_values(["order_id", "timestamp"], kind="stable")
times = log["timestamp"].astype("int64") // 1_000_000
same_order = log["order_id"].eq(log["order_id"].shift())
log["dwell_ms"] = (times - times.shift()).where(same_order, 0)


def rank(ascending, ratio):
    return float(ascending[max(0, math.ceil(ratio * len(ascending)) - 1)])


def figures(dwells):
    ascending = numpy.sort(dwells.to_numpy())
    p50, p90, p99 = (rank(ascending, ratio) for ratio in (0.5, 0.9, 0.99))
    return {"visits": len(ascending), "meanMs": float(ascending.mean()), "p50Ms": p50, "p90Ms": p90, "p99Ms": p99}


print(json.dumps({stage: figures(dwells) for stage, dwells in log.groupby("stage")["dwell_ms"]}))
