import type { DwellHistogram } from '../../engine/dwell-histogram.ts'
import type { GroupTable } from '../../engine/group-table.ts'
import type { StageTable } from '../../engine/stage-table.ts'

/** Everything that can be read of a table of stages. */
export function stagesReading({ stages }: StageTable): unknown {
  return new Map(
    [...stages].map(([stage, { histogram, orders, rework, breaches, minMs, maxMs }]) => {
      return [stage, { ...distribution(histogram), orders, rework, breaches, minMs, maxMs }]
    }),
  )
}

/** Everything that can be read of a table of groups. */
export function groupsReading({ groups }: GroupTable): unknown {
  return new Map(
    [...groups].map(([row, places]) => [
      row,
      places.map((group) => group && { ...distribution(group.histogram), breaches: group.breaches }),
    ]),
  )
}

function distribution(histogram: DwellHistogram) {
  return { visits: histogram.count, sumMs: histogram.sumMs, durations: histogram.durations }
}
