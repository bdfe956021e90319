import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { BoardDelta, BoardPulse } from '@stagewatch/shared/contract/socket.ts'
import { protocolVersion } from '@stagewatch/shared/contract/socket.ts'
import { audienceKey } from '@stagewatch/shared/domain/access/audience.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import { chooseBottleneck } from '@stagewatch/shared/domain/bottleneck.ts'
import type { BottleneckMemory } from '@stagewatch/shared/domain/bottleneck.ts'
import type { Clock } from '../clock/clock.ts'
import { BoardPublisher } from './board-publisher.ts'
import type { BoardContent } from './board-publisher.ts'
import { buildBoard } from './build-board.ts'
import type { BoardSource } from './board-source.ts'
import { privateBoard } from './private-board.ts'

/** The overview of the site's default process; `overview:CODE` is that of another. */
const overview = 'overview'

export interface SiteBoardsOptions {
  readonly clock: Clock
  readonly defaultProcess: () => string
  /** Undefined: the site has no such process. */
  readonly sourceOf: (process: string, now: number) => BoardSource | undefined
  readonly position: () => string
  /** Whose orders the boards show. */
  readonly departments: DepartmentScope
  /** @param audience see `audienceKey`. */
  readonly send: (delta: BoardDelta, audience: string) => void
  /** What is shown is the past. */
  readonly recording?: Board['recording']
  /** A board was computed. */
  readonly built: (elapsedMs: number) => void
}

/** A pulse and who it is for. The build of the client is no matter of a board. */
export interface SentPulse {
  readonly audience: string
  readonly pulse: Omit<BoardPulse, 'build'>
}

/** The boards of one site, or of some of its departments, that somebody has asked for. */
export class SiteBoards {
  readonly #options: SiteBoardsOptions
  readonly #publishers = new Map<string, { readonly audience: string; readonly publisher: BoardPublisher }>()

  constructor(options: SiteBoardsOptions) {
    this.#options = options
  }

  /** The board as it is shown with so much privacy. Undefined: the site has no such board. */
  find(board: string, privacy: Privacy = openPrivacy): BoardPublisher | undefined {
    const audience = this.audience(privacy)
    const key = JSON.stringify([audience, board])
    const known = this.#publishers.get(key)
    if (known !== undefined) return known.publisher
    const process = this.#processOf(board)
    if (process === undefined || this.#options.sourceOf(process, this.#options.clock.now()) === undefined)
      return undefined
    const publisher = this.#publisher(board, privacy)
    this.#publishers.set(key, { audience, publisher })
    return publisher
  }

  /** Who are shown the same. */
  audience(privacy: Privacy): string {
    return audienceKey({ departments: this.#options.departments, privacy })
  }

  /** All who are shown a board, or were. */
  audiences(): string[] {
    return [...this.#publishers.values()].map(({ audience }) => audience)
  }

  /** Something of the site has changed. */
  touch(): void {
    for (const { publisher } of this.#publishers.values()) publisher.touch()
  }

  /** What every screen of a board is told. */
  pulses(now: number): SentPulse[] {
    return [...this.#publishers.values()].map(({ audience, publisher }) => {
      const sources = this.#options.sourceOf(this.#processOf(publisher.board) ?? '', now)?.sources ?? {}
      const pulse = {
        protocol: protocolVersion,
        board: publisher.board,
        epoch: publisher.epoch,
        version: publisher.version,
        at: now,
        sources: Object.fromEntries(
          Object.entries(sources).map(([source, { lastReceivedAt }]) => [source, Math.max(0, now - lastReceivedAt)]),
        ),
      }
      return { audience, pulse }
    })
  }

  close(): void {
    for (const { publisher } of this.#publishers.values()) publisher.close()
  }

  #processOf(board: string): string | undefined {
    if (board === overview) return this.#options.defaultProcess()
    return board.startsWith(`${overview}:`) ? board.slice(overview.length + 1) : undefined
  }

  #publisher(board: string, privacy: Privacy): BoardPublisher {
    const { clock, send, position, sourceOf, built, recording, departments } = this.#options
    let memory: BottleneckMemory = {}
    const build = (now: number): BoardContent => {
      const begin = performance.now()
      const source = sourceOf(this.#processOf(board) ?? '', now)
      if (source === undefined) throw new Error(`the process of board ${board} has gone`)
      const numbers = privateBoard(buildBoard(source, now), privacy)
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
      return {
        ...numbers,
        position: position(),
        ...(holder !== undefined && { bottleneck: holder }),
        ...(recording !== undefined && { recording }),
        ...(departments !== undefined && { departments: [...departments].toSorted() }),
      }
    }
    const audience = this.audience(privacy)
    return new BoardPublisher({ board, build, clock, send: (delta) => send(delta, audience) })
  }
}
