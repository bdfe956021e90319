import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { nextMessage } from '../next-message.ts'

/** Messages of a contender process: it is ready, or how long a turn took. */
export type FromContender = { readonly is: 'ready' } | { readonly is: 'done'; readonly elapsedMs: number }

/** Runs in the process of the contender; prepares each turn before its clock starts. */
export function takeTurns(prepare: (run: number) => Promise<() => Promise<void>>): void {
  let run = 0
  process.on('message', () => void turn())
  process.on('disconnect', () => process.exit())
  tell({ is: 'ready' })

  async function turn(): Promise<void> {
    run += 1
    const work = await prepare(run)
    const startedAt = performance.now()
    await work()
    tell({ is: 'done', elapsedMs: performance.now() - startedAt })
  }
}

function tell(message: FromContender): void {
  process.send?.(message)
}

/** The counterpart in the bench process. */
export class Contender {
  readonly #process: ChildProcess

  private constructor(process: ChildProcess) {
    this.#process = process
  }

  static async start(file: URL, settings: unknown): Promise<Contender> {
    const process = fork(file, [JSON.stringify(settings)])
    await nextMessage<FromContender, 'ready'>(process, 'ready')
    return new Contender(process)
  }

  get pid(): number {
    if (this.#process.pid === undefined) throw new Error('the contender has not started')
    return this.#process.pid
  }

  async turnMs(): Promise<number> {
    const done = nextMessage<FromContender, 'done'>(this.#process, 'done')
    this.#process.send('turn')
    return (await done).elapsedMs
  }

  close(): void {
    this.#process.kill()
  }
}
