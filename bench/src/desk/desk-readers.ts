import { setTimeout as wait } from 'node:timers/promises'
import { seededRandom } from '../seeded-random.ts'

/** The queries of desk pages. */
export const questions = ['overview', 'filtered heat map', 'search', 'list', 'order'] as const
export type Question = (typeof questions)[number]

export interface Readers {
  readonly url: string
  /** Number of concurrent readers. */
  readonly count: number
  /** Interval of each reader's queries, with a random phase, independent of the answers. */
  readonly everyMs: number
  /** Duration of the reading. */
  readonly durationMs: number
  /** Orders that can be opened. */
  readonly opened: readonly string[]
}

const customers = 300
const departments = 5
const statuses = ['overdue', 'atRisk', 'open', 'unclaimed', 'completed']
const dayMs = 86_400_000

/** People who navigate between pages: ms to each complete answer, by query, ascending. */
export async function readPages(readers: Readers, run: number): Promise<Record<Question, Float64Array>> {
  const { count, everyMs, durationMs } = readers
  const random = seededRandom(run)
  const taken: Record<Question, number[]> = { overview: [], 'filtered heat map': [], search: [], list: [], order: [] }
  const startedAt = performance.now()
  const asked: Promise<void>[] = []
  const turns = Array.from({ length: count }, (_, reader) =>
    Array.from({ length: Math.floor(durationMs / everyMs) }, (_unused, turn) => ({
      atMs: (turn + random()) * everyMs,
      question: questions[(reader + turn) % questions.length] ?? 'overview',
    })),
  ).flat()
  for (const { atMs, question } of turns.toSorted((a, b) => a.atMs - b.atMs)) {
    await wait(Math.max(0, startedAt + atMs - performance.now()))
    const address = readers.url + pathOf(question, readers.opened, random)
    const answered = answerMs(address).then((ms) => void taken[question].push(ms))
    // Errors are reported at the end, after all resources are closed.
    answered.catch(() => undefined)
    asked.push(answered)
  }
  await Promise.all(asked)
  const sorted = (question: Question) => Float64Array.from(taken[question]).toSorted()
  return {
    overview: sorted('overview'),
    'filtered heat map': sorted('filtered heat map'),
    search: sorted('search'),
    list: sorted('list'),
    order: sorted('order'),
  }
}

/** Queries differ, so that hardly any answer is shared. */
function pathOf(question: Question, opened: readonly string[], random: () => number): string {
  const upTo = (most: number): number => Math.floor(random() * most)
  switch (question) {
    case 'overview':
      return `/api/v1/overview?from=${new Date(Date.now() - (2 + upTo(28)) * dayMs).toISOString()}`
    case 'filtered heat map':
      return `/api/v1/stages/heatmap?columns=day&customer=C-${upTo(customers)}`
    case 'search':
      return `/api/v1/orders?limit=100&q=${1_000 + upTo(9_000)}`
    case 'list':
      return `/api/v1/orders?limit=100&status=${statuses[upTo(statuses.length)]}&department=D-${upTo(departments)}`
    case 'order':
      return `/api/v1/orders/${opened[upTo(opened.length)]}`
  }
}

/** @throws when the answer is an error. */
async function answerMs(address: string): Promise<number> {
  const startedAt = performance.now()
  const reply = await fetch(address)
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${reply.status} to ${address}: ${text.slice(0, 200)}`)
  return performance.now() - startedAt
}
