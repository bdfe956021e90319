import { buildClient } from '@stagewatch/packaging/build-client.ts'
import { alternate } from '../alternate.ts'
import { median } from '../median.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'
import { scriptSize } from '../wall-page/script-size.ts'
import { watchWall } from '../wall-page/watched-wall.ts'
import type { WallWork } from '../wall-page/watched-wall.ts'

const title = 'the wall: its scripts, and the main thread of its page per delta'
const deltas = 40
const limitMs = 16

export const wallPage: Row = { id: 'B13', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  progress('building the pages for their size')
  const { sizeKb, maxKb } = await scriptSize()
  const size: Figure = {
    id: 'B13',
    what: 'compressed scripts of the wall',
    value: sizeKb,
    target: maxKb,
    better: 'lower',
    unit: 'kB',
    product: { name: 'scripts of the wall', value: sizeKb, unit: 'kB' },
    peer: { name: 'limit', value: maxKb, unit: 'kB' },
    runs: [],
  }
  return [size, await mainThread(progress)]
}

async function mainThread(progress: Progress): Promise<Outcome> {
  const what = 'script, style and layout of the wall for each delta of a busy board'
  progress('building the pages and opening the wall')
  await buildClient()
  await using opened = new AsyncDisposableStack()
  const wall = await watchWall(opened)
  const contestants = { busy: () => wall.busy(deltas), idle: () => wall.idle(deltas) }
  const { busy, idle } = await alternate(contestants, progress)
  const msPerDelta = busy.map(({ scriptMs, styleMs, layoutMs }) => (scriptMs + styleMs + layoutMs) / deltas)
  const perTurn = (works: readonly WallWork[], part: keyof WallWork) =>
    (median(works.map((work) => work[part])) / deltas).toFixed(1)
  const longTasks = busy.reduce((sum, work) => sum + work.longTasks, 0)
  return {
    id: 'B13',
    what,
    value: median(msPerDelta),
    target: limitMs,
    better: 'lower',
    unit: 'ms',
    product: { name: wall.browser, value: median(msPerDelta), unit: 'ms' },
    peer: { name: 'limit', value: limitMs, unit: 'ms' },
    runs: msPerDelta.map((product) => ({ product, peer: limitMs })),
    notes: [
      `processor time of the page's main thread in ${deltas} turns of 250 ms with a delta each, by the browser's own count: script ${perTurn(busy, 'scriptMs')}, style ${perTurn(busy, 'styleMs')}, layout ${perTurn(busy, 'layoutMs')} ms; with paint, which has no GPU here, and all else ${perTurn(busy, 'taskMs')} ms, without deltas ${perTurn(idle, 'taskMs')} ms a turn, of which nothing is taken off`,
      `figures of every column, seven rows and the order of the list change with each delta; ${longTasks} tasks of more than 50 ms of the clock in ${busy.length * deltas} deltas; the page shows the last one`,
    ],
  }
}
