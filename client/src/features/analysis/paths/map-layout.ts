import type { PathsAnswer } from '@stagewatch/shared/contract/analysis-paths.ts'

export const mapWidth = 420
export const nodeHeight = 46
const nodeGap = 30
export const nodeLeft = 118
export const nodeWidth = 184
const laneWidth = 17
const maxLanes = 4
/** Maximum number of drawn moves other than to the next stage; more would cover one another. */
const maxArcs = 18

type Stage = PathsAnswer['stages'][number]
type Move = PathsAnswer['moves'][number]

/** A move drawn around the stages: forwards on the left, backwards on the right. */
export interface MapArc {
  readonly move: Move
  readonly path: string
  readonly isBack: boolean
  /** Position of its number. */
  readonly labelX: number
  readonly labelY: number
}

export interface MapLayout {
  readonly height: number
  readonly nodes: readonly { readonly stage: Stage; readonly y: number }[]
  /** Moves from a stage to the one drawn below it. */
  readonly steps: readonly { readonly move: Move; readonly y: number }[]
  readonly arcs: readonly MapArc[]
  /** Number of moves that only the table shows. */
  readonly hidden: number
}

/** Stages from top to bottom in the order of the process; arcs between close stages run in the inner lanes. */
export function layoutMap(stages: readonly Stage[], moves: readonly Move[]): MapLayout {
  const rows = new Map(stages.map(({ stage }, row) => [stage, row]))
  const placed = moves.flatMap((move) => {
    const [from, to] = [rows.get(move.from), rows.get(move.to)]
    return from === undefined || to === undefined ? [] : [{ move, from, to }]
  })
  const isStep = ({ from, to }: (typeof placed)[number]): boolean => to === from + 1
  const others = placed.filter((each) => !isStep(each))
  const drawn = others.slice(0, maxArcs).toSorted((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from))
  const lanes = { left: new Lanes(), right: new Lanes() }
  return {
    height: Math.max(0, stages.length * (nodeHeight + nodeGap) - nodeGap),
    nodes: stages.map((stage, row) => ({ stage, y: top(row) })),
    steps: placed.filter(isStep).map(({ move, from }) => ({ move, y: top(from) + nodeHeight })),
    arcs: drawn.map(({ move, from, to }) => {
      const isBack = to <= from
      const lane = lanes[isBack ? 'right' : 'left'].take(Math.min(from, to), Math.max(from, to))
      return arcOf(move, from, to, lane)
    }),
    hidden: others.length - drawn.length,
  }
}

export const stepLength = nodeGap

function top(row: number): number {
  return row * (nodeHeight + nodeGap)
}

function arcOf(move: Move, from: number, to: number, lane: number): MapArc {
  const isBack = to <= from
  const edge = isBack ? nodeLeft + nodeWidth : nodeLeft
  const reach = (lane + 1) * laneWidth * (isBack ? 1 : -1)
  // An arc from a stage to itself ends a little higher than it starts.
  const startY = top(from) + nodeHeight * 0.68
  const endY = top(to) + nodeHeight * 0.32
  const far = edge + reach
  return {
    move,
    isBack,
    path: `M ${edge} ${startY} C ${far} ${startY}, ${far} ${startY}, ${far} ${(startY + endY) / 2} S ${far} ${endY}, ${edge} ${endY}`,
    labelX: far + (isBack ? 3 : -3),
    labelY: (startY + endY) / 2 + 5,
  }
}

/** Lanes beside the stages. Two arcs share a lane if they do not overlap. */
class Lanes {
  readonly #taken: (readonly [from: number, to: number])[][] = []

  take(from: number, to: number): number {
    let lane = 0
    while (lane < maxLanes - 1 && this.#taken[lane]?.some(([a, b]) => a < to && from < b) === true) lane += 1
    const taken = (this.#taken[lane] ??= [])
    taken.push([from, to])
    return lane
  }
}
