import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { CDPSession } from 'playwright-core'
import { expect } from 'vitest'
import { busyBoard } from '../fixture/board-fixture.ts'
import { test } from '../harness/browser-test.ts'
import { FixtureWall } from './fixture-wall.ts'
import { isNight } from '../harness/skip.ts'

/** At night as many updates as a wall of a busy plant receives in an hour. */
const updates = isNight ? 16_000 : 3_000
/** After this many updates everything that is created once has been created. */
const warmUpUpdates = 1_000
/** Detects a leak of one object every two updates. The number of live objects fluctuates by some hundreds. */
const maxThingsPerUpdate = 0.5
/** Rows appear with other reasons, and texts change. */
const maxElements = 40
const maxListeners = 5

/** The list has one page: the last of several may have fewer rows and therefore fewer elements. */
function boardOfOnePage(): Board {
  const board = busyBoard('en')
  return { ...board, overdue: { ...board.overdue, order: board.overdue.order.slice(0, 5) } }
}

/** A board whose numbers differ from those of the previous update. */
function updated(board: Board, update: number): Board {
  const [first] = board.overdue.order
  const row = board.overdue.rows[first ?? '']!
  const count = 30 + (update % 9)
  return {
    ...board,
    kpis: {
      ...board.kpis,
      overdue: { ...board.kpis.overdue, count },
      open: { ...board.kpis.open, count: 500 + count },
    },
    stages: { ...board.stages, qc: { ...board.stages['qc']!, wip: 50 + (update % 7), overdue: update % 14 } },
    overdue: {
      ...board.overdue,
      rows: { ...board.overdue.rows, [row.order]: { ...row, reason: `reason ${update % 5}` } },
    },
  }
}

test('a wall does not leak memory over thousands of updates', { timeout: 600_000 }, async ({ browser }) => {
  const board = boardOfOnePage()
  await using wall = await FixtureWall.open(browser, { board }, '&scenes=overview&reducedMotion')
  const { page, server } = wall
  const session = await page.context().newCDPSession(page)
  const show = async (from: number, to: number): Promise<Held> => {
    for (let update = from; update <= to; update++) {
      server.change(updated(board, update))
      if (update % 50 === 0) await page.getByText(String(500 + 30 + (update % 9)), { exact: true }).waitFor()
    }
    return held(session)
  }
  const before = await show(1, warmUpUpdates)
  const after = await show(warmUpUpdates + 1, updates)
  expect((after.things - before.things) / (updates - warmUpUpdates)).toBeLessThanOrEqual(maxThingsPerUpdate)
  expect(after.elements - before.elements).toBeLessThanOrEqual(maxElements)
  expect(after.listeners - before.listeners).toBeLessThanOrEqual(maxListeners)
})

interface Held {
  /** Objects, arrays and functions of the page. */
  readonly things: number
  /** The number of DOM nodes as counted by the browser. */
  readonly elements: number
  readonly listeners: number
}

interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: string[]; readonly node_types: [string[], ...unknown[]] }
  }
  readonly nodes: number[]
  readonly strings: string[]
}

const countedTypes = new Set(['object', 'array', 'closure'])
/** Objects of the engine itself: compiled code comes and goes with optimization for as long as the page runs. */
const engineName = /^system \//

async function held(session: CDPSession): Promise<Held> {
  await session.send('HeapProfiler.collectGarbage')
  const chunks: string[] = []
  const take = ({ chunk }: { readonly chunk: string }): void => void chunks.push(chunk)
  session.on('HeapProfiler.addHeapSnapshotChunk', take)
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  session.off('HeapProfiler.addHeapSnapshotChunk', take)
  const { snapshot, nodes, strings } = JSON.parse(chunks.join('')) as HeapSnapshot
  const {
    node_fields: fields,
    node_types: [types],
  } = snapshot.meta
  const [type, name] = [fields.indexOf('type'), fields.indexOf('name')]
  let things = 0
  for (let node = 0; node < nodes.length; node += fields.length) {
    const isCounted = countedTypes.has(types[nodes[node + type] ?? 0] ?? '')
    if (isCounted && !engineName.test(strings[nodes[node + name] ?? 0] ?? '')) things += 1
  }
  return { things, ...(await heldElements(session)) }
}

/** What is left once further collections free nothing: elements that were removed are freed later than objects. */
async function heldElements(session: CDPSession): Promise<Pick<Held, 'elements' | 'listeners'>> {
  let fewest = Infinity
  for (;;) {
    const { jsEventListeners: listeners, nodes: elements } = await session.send('Memory.getDOMCounters')
    if (elements >= fewest) return { elements, listeners }
    fewest = elements
    await session.send('HeapProfiler.collectGarbage')
  }
}
