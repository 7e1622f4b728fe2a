// What a reader can sort the rows of a table by: the figures of an answer, and their differences.

/** The records of one list of an answer, workstations, workers or sites, each with its `key`. */
export function sortables(answer, name) {
  if (name === "workstations") return answer.workstations.map((each) => ({ ...each, key: each.workstation_id }));
  if (name === "workers") return workers(answer);
  return answer.results.map((each) => ({ ...each, key: each.site }));
}

function workers({ workers, before, pooled, factory }) {
  const past = new Map((before?.workers ?? []).map((each) => [each.worker_id, each]));
  const all = pooled ?? factory;
  return workers.map((each) => {
    const then = past.get(each.worker_id);
    return {
      ...each,
      key: each.worker_id,
      utilization_change: difference(each.utilization_pct, then?.utilization_pct),
      utilization_all: difference(each.utilization_pct, all.utilization_pct),
      rate_change: difference(each.units_per_hour, then?.units_per_hour),
      rate_all: difference(each.units_per_hour, all.units_per_hour),
    };
  });
}

function difference(value, other) {
  return value == null || other == null ? null : value - other;
}
