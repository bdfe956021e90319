import { AttackedServer, fill } from '../attacks/attack.ts'
import type { LoopAttack } from '../attacks/loop-attacks.ts'
import { loopAttacks, prepareAttacks } from '../attacks/loop-attacks.ts'
import { postgresqlPlace } from '../ingest/ingest-places.ts'
import { median } from '../median.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const title = 'the event loop under attack'
/** Number of events of the plant before the attacks. */
const events = Number(process.env['BENCH_EVENTS'] ?? 60_000)
const memoryVisits = 1_000_000
const runs = 3
const limitMs = 50
const shownWorst = 3

export const heldLoop: Row = { id: 'B24', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const fresh = await postgresqlPlace()
  if ('skipped' in fresh) return [{ id: 'B24', what: title, skipped: fresh.skipped }]
  await using opened = new AsyncDisposableStack()
  opened.defer(fresh.remove)
  progress(`storing ${events.toLocaleString('en')} events`)
  const server = await AttackedServer.start(fresh.place, memoryVisits, opened)
  await fill(server, events)
  await prepareAttacks(server)
  const figures: Figure[] = []
  for (const [kind, attacks] of Object.entries(loopAttacks)) {
    progress(kind)
    figures.push(figure(kind, await measured(server, attacks)))
  }
  return figures
}

interface Measured {
  readonly name: string
  /** Longest turn in each run, ms. */
  readonly turns: readonly number[]
}

/** The first turn of each attack is not counted: it also compiles. */
async function measured(server: AttackedServer, attacks: readonly LoopAttack[]): Promise<Measured[]> {
  const all: Measured[] = []
  for (const { name, carryOut } of attacks) {
    const turns: number[] = []
    for (let i = 0; i <= runs; i++) turns.push(await server.longestTurn(() => named(name, carryOut(server, i))))
    all.push({ name, turns: turns.slice(1) })
  }
  return all.toSorted((a, b) => median(b.turns) - median(a.turns))
}

/** @throws Error that names the attack which had no answer. */
function named(name: string, answer: Promise<unknown>): Promise<unknown> {
  return answer.catch((error: unknown) => {
    throw new Error(`no answer to the attack "${name}"`, { cause: error })
  })
}

function figure(kind: string, all: readonly Measured[]): Figure {
  const [worst] = all
  if (worst === undefined) throw new Error(`there is no attack by ${kind}`)
  const value = median(worst.turns)
  return {
    id: 'B24',
    what: `${title}, ${kind}: processor time of the longest turn`,
    value,
    target: limitMs,
    better: 'lower',
    unit: 'ms',
    product: { name: worst.name, value, unit: 'ms' },
    peer: { name: 'limit', value: limitMs, unit: 'ms' },
    runs: worst.turns.map((product) => ({ product, peer: limitMs })),
    notes: [
      `${all.length} attacks; the worst: ${all
        .slice(0, shownWorst)
        .map(({ name, turns }) => `${name} ${median(turns).toFixed(1)} ms`)
        .join(', ')}`,
    ],
  }
}
