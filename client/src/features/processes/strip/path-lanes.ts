import type { ProcessDefinition, ProcessPath } from '@stagewatch/shared/domain/process-definition.ts'

/** Position of a path below the stages. */
export interface PathLine {
  readonly path: ProcessPath
  /** Index among the paths of the process. */
  readonly at: number
  /** Columns of its leftmost and rightmost stage, from 0. */
  readonly first: number
  readonly last: number
  readonly isReturn: boolean
  /** The row below the stages, from 0. */
  readonly lane: number
}

/** All paths whose stages both exist, the shortest closest to the stages. Paths in one lane do not touch. */
export function pathLines({ stages, paths = [] }: ProcessDefinition): PathLine[] {
  const placeOf = new Map(stages.map(({ code }, place) => [code, place]))
  const known = paths.flatMap((path, at) => {
    const [from, to] = [placeOf.get(path.from), placeOf.get(path.to)]
    if (from === undefined || to === undefined) return []
    return [{ path, at, first: Math.min(from, to), last: Math.max(from, to), isReturn: to < from }]
  })
  /** Occupied columns by lane. */
  const lanes: (readonly [first: number, last: number])[][] = []
  return known
    .toSorted((a, b) => a.last - a.first - (b.last - b.first) || a.first - b.first)
    .map((line) => {
      const free = lanes.findIndex((taken) => taken.every(([first, last]) => last < line.first || first > line.last))
      const lane = free === -1 ? lanes.length : free
      lanes[lane] = [...(lanes[lane] ?? []), [line.first, line.last]]
      return { ...line, lane }
    })
}
