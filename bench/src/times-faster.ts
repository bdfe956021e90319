import { alternate } from './alternate.ts'
import { median } from './median.ts'
import type { Figure, Progress } from './row.ts'

/** An implementation that answers the measured query. */
export interface Source<Answer> {
  readonly name: string
  readonly read: () => Promise<Answer>
  readonly close: () => Promise<void>
}

/**
 * How many times faster the product answers than the peer.
 * @param check throws when the answers differ, else returns a note.
 */
export async function timesFaster<Answer>(
  row: Pick<Figure, 'id' | 'what' | 'target'> & { readonly notes: readonly string[] },
  product: Source<Answer>,
  peer: Source<Answer>,
  check: (ours: Answer, theirs: Answer) => string,
  progress: Progress,
): Promise<Figure> {
  try {
    const checked = check(await product.read(), await peer.read())
    const contestants = { product: () => timedMs(product), peer: () => timedMs(peer) }
    const ms = await alternate(contestants, (message) => progress(`${peer.name}, ${message}`))
    const [productMs, peerMs] = [median(ms.product), median(ms.peer)]
    return {
      ...row,
      what: `${row.what}: times faster than ${peer.name}`,
      value: peerMs / productMs,
      better: 'higher',
      unit: 'times',
      product: { name: product.name, value: productMs, unit: 'ms' },
      peer: { name: peer.name, value: peerMs, unit: 'ms' },
      runs: ms.product.map((value, i) => ({ product: value, peer: ms.peer[i] ?? Number.NaN })),
      notes: [checked, ...row.notes],
    }
  } finally {
    await peer.close()
  }
}

async function timedMs(source: Source<unknown>): Promise<number> {
  const startedAt = performance.now()
  await source.read()
  return performance.now() - startedAt
}
