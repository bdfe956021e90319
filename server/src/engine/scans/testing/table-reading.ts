import type { DwellHistogram } from '../../dwell-histogram.ts'
import type { GroupTable } from '../../group-table.ts'
import type { StageTable } from '../../stage-table.ts'

/** All readable values of a table of stages. */
export function stagesReading({ stages }: StageTable): unknown {
  return new Map(
    [...stages].map(([stage, { histogram, orders, rework, withTarget, breaches, minMs, maxMs }]) => {
      return [stage, { ...distribution(histogram), orders, rework, withTarget, breaches, minMs, maxMs }]
    }),
  )
}

/** All readable values of a table of groups. */
export function groupsReading({ groups }: GroupTable): unknown {
  return new Map(
    [...groups].map(([row, places]) => [
      row,
      places.map(
        (group) =>
          group && { ...distribution(group.histogram), withTarget: group.withTarget, breaches: group.breaches },
      ),
    ]),
  )
}

function distribution(histogram: DwellHistogram) {
  return { visits: histogram.count, sumMs: histogram.sumMs, durations: histogram.durations }
}
