import type { BoardDelta, BoardPulse } from '@stagewatch/shared/contract/socket.ts'
import { protocolVersion } from '@stagewatch/shared/contract/socket.ts'
import { chooseBottleneck } from '@stagewatch/shared/domain/bottleneck.ts'
import type { BottleneckMemory } from '@stagewatch/shared/domain/bottleneck.ts'
import type { Clock } from '../clock/clock.ts'
import { BoardPublisher } from './board-publisher.ts'
import type { BoardContent } from './board-publisher.ts'
import { buildBoard } from './build-board.ts'
import type { BoardSource } from './board-source.ts'

/** The overview of the site's default process; `overview:CODE` is that of another. */
const overview = 'overview'

export interface SiteBoardsOptions {
  readonly clock: Clock
  readonly defaultProcess: () => string
  /** Undefined: the site has no such process. */
  readonly sourceOf: (process: string, now: number) => BoardSource | undefined
  readonly position: () => string
  readonly send: (delta: BoardDelta) => void
  /** A board was computed. */
  readonly built: (elapsedMs: number) => void
}

/** The boards of one site that somebody has asked for. */
export class SiteBoards {
  readonly #options: SiteBoardsOptions
  readonly #publishers = new Map<string, BoardPublisher>()

  constructor(options: SiteBoardsOptions) {
    this.#options = options
  }

  /** Undefined: the site has no such board. */
  find(board: string): BoardPublisher | undefined {
    const known = this.#publishers.get(board)
    if (known !== undefined) return known
    const process = this.#processOf(board)
    if (process === undefined || this.#options.sourceOf(process, this.#options.clock.now()) === undefined)
      return undefined
    const publisher = this.#publisher(board)
    this.#publishers.set(board, publisher)
    return publisher
  }

  /** Something of the site has changed. */
  touch(): void {
    for (const publisher of this.#publishers.values()) publisher.touch()
  }

  /** What every screen of a board is told. The build of the client is no matter of a board. */
  pulses(now: number): Omit<BoardPulse, 'build'>[] {
    return [...this.#publishers.values()].map((publisher) => {
      const sources = this.#options.sourceOf(this.#processOf(publisher.board) ?? '', now)?.sources ?? {}
      return {
        protocol: protocolVersion,
        board: publisher.board,
        epoch: publisher.epoch,
        version: publisher.version,
        at: now,
        sources: Object.fromEntries(
          Object.entries(sources).map(([source, { lastReceivedAt }]) => [source, Math.max(0, now - lastReceivedAt)]),
        ),
      }
    })
  }

  close(): void {
    for (const publisher of this.#publishers.values()) publisher.close()
  }

  #processOf(board: string): string | undefined {
    if (board === overview) return this.#options.defaultProcess()
    return board.startsWith(`${overview}:`) ? board.slice(overview.length + 1) : undefined
  }

  #publisher(board: string): BoardPublisher {
    const { clock, send, position, sourceOf, built } = this.#options
    let memory: BottleneckMemory = {}
    const build = (now: number): BoardContent => {
      const begin = performance.now()
      const source = sourceOf(this.#processOf(board) ?? '', now)
      if (source === undefined) throw new Error(`the process of board ${board} has gone`)
      const numbers = buildBoard(source, now)
      const stages = Object.entries(numbers.stages).map(([stage, column]) => ({
        stage,
        wipCount: column.wip,
        overdueCount: column.overdue,
        toleranceRatio: column.toleranceRatio,
        arrivalsToday: column.arrivalsToday,
        departuresToday: column.departuresToday,
      }))
      memory = chooseBottleneck(stages, memory, now)
      const { holder } = memory
      built(performance.now() - begin)
      return { ...numbers, position: position(), ...(holder !== undefined && { bottleneck: holder }) }
    }
    return new BoardPublisher({ board, build, clock, send })
  }
}
