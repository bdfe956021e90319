import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { BoardDelta, BoardHeartbeat } from '@stagewatch/shared/contract/socket.ts'
import { protocolVersion } from '@stagewatch/shared/contract/socket.ts'
import { audienceKey, openPrivacy, type Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { chooseBottleneck } from '@stagewatch/shared/domain/bottleneck.ts'
import type { BottleneckMemory } from '@stagewatch/shared/domain/bottleneck.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { BoardPublisher } from './board-publisher.ts'
import type { BoardCadence, BoardContent, DeltaSink } from './board-publisher.ts'
import { bottleneckStages } from './bottleneck-stages.ts'
import { buildBoard } from './build-board.ts'
import type { BoardSource } from './board-source.ts'
import { privateBoard, publicContent, shownTexts } from './private-board.ts'

/** The overview of the site's default process. `overview:CODE` is that of another process. */
const overview = 'overview'

/** A board that was not requested for this long is no longer computed. */
const idleTimeoutMs = 60_000

export interface SiteBoardsOptions {
  readonly clock: Clock
  readonly defaultProcess: () => string
  /** Undefined if the site has no such process. */
  readonly sourceOf: (process: string, now: number) => BoardSource | undefined
  /** See `Board`; the translations of these texts. */
  readonly translationsOf: (texts: Iterable<string>) => Board['translations']
  readonly position: () => string
  /** Departments whose orders the boards show. */
  readonly departments: DepartmentScope
  /** Site code. */
  readonly site: string
  readonly deltas: DeltaSink
  /** Set if a recording is shown. */
  readonly recording?: Board['recording']
  /** Called after a board was computed. */
  readonly built: (elapsedMs: number) => void
  /** See `Board`. */
  readonly dataAsOf?: (() => number | undefined) | undefined
  /** See `BoardPublisherOptions`. */
  readonly cadence?: BoardCadence | undefined
  /** Called when a board could not be built. */
  readonly failed: (error: unknown) => void
}

/** Why a board cannot be shown now, and the audience to notify. */
export interface BoardProblem {
  readonly audience: string
  readonly board: string
  readonly code: AppError['code']
}

/** A heartbeat and its audience. The client's build is not part of it, because it does not depend on the board. */
export interface SentHeartbeat {
  readonly audience: string
  readonly heartbeat: Omit<BoardHeartbeat, 'build'>
}

interface ShownBoard {
  readonly audience: string
  readonly publisher: BoardPublisher
  usedAt: number
}

/** The requested boards of one site, or of some of its departments. */
export class SiteBoards {
  readonly #options: SiteBoardsOptions
  readonly #publishers = new Map<string, ShownBoard>()

  constructor(options: SiteBoardsOptions) {
    this.#options = options
  }

  /** The board with these privacy settings. Undefined if the site has no such board. */
  find(board: string, privacy: Privacy = openPrivacy): BoardPublisher | undefined {
    const audience = this.audience(privacy)
    const key = JSON.stringify([audience, board])
    const known = this.#publishers.get(key)
    if (known !== undefined) {
      known.usedAt = this.#options.clock.now()
      return known.publisher
    }
    const process = this.#processOf(board)
    if (process === undefined || this.#options.sourceOf(process, this.#options.clock.now()) === undefined)
      return undefined
    const publisher = this.#publisher(board, privacy)
    this.#publishers.set(key, { audience, publisher, usedAt: this.#options.clock.now() })
    return publisher
  }

  /** Key of everybody who sees the same board. */
  audience(privacy: Privacy): string {
    return audienceKey({ departments: this.#options.departments, privacy })
  }

  /** Audiences of all open boards. */
  audiences(): string[] {
    return [...this.#publishers.values()].map(({ audience }) => audience)
  }

  /** Must be called when anything of the site has changed. */
  invalidate(): void {
    for (const { publisher } of this.#publishers.values()) publisher.invalidate()
  }

  /** The boards whose viewers may see wrong numbers. @param common a problem that affects all of them. */
  problems(common?: AppError['code']): BoardProblem[] {
    return [...this.#publishers.values()].flatMap(({ audience, publisher: { board, problem } }) => {
      const code = common ?? problem
      return code === undefined ? [] : [{ audience, board, code }]
    })
  }

  /** The heartbeats of all boards without a problem. */
  heartbeats(now: number): SentHeartbeat[] {
    const dataAsOf = this.#options.dataAsOf?.()
    const reducedMs = this.#options.cadence?.reducedCadenceMs
    const sound = [...this.#publishers.values()].filter(({ publisher }) => publisher.problem === undefined)
    return sound.map(({ audience, publisher }) => {
      const sources = this.#options.sourceOf(this.#processOf(publisher.board) ?? '', now)?.sources ?? {}
      const heartbeat = {
        protocol: protocolVersion,
        board: publisher.board,
        epoch: publisher.epoch,
        version: publisher.version,
        at: now,
        ...(dataAsOf !== undefined && { dataAsOf }),
        ...(reducedMs !== undefined && { reducedMs }),
        sources: Object.fromEntries(
          Object.entries(sources).map(([source, { lastReceivedAt }]) => [source, Math.max(0, now - lastReceivedAt)]),
        ),
      }
      return { audience, heartbeat }
    })
  }

  /** Closes boards that were not used for a while, because every open board is recomputed at each change. */
  closeUnused(isWatched: (board: string, audience: string) => boolean): void {
    const now = this.#options.clock.now()
    for (const [key, shown] of this.#publishers) {
      const { publisher, audience } = shown
      if (isWatched(publisher.board, audience)) shown.usedAt = now
      if (now - shown.usedAt < idleTimeoutMs) continue
      publisher.close()
      this.#publishers.delete(key)
    }
  }

  close(): void {
    for (const { publisher } of this.#publishers.values()) publisher.close()
  }

  #processOf(board: string): string | undefined {
    if (board === overview) return this.#options.defaultProcess()
    return board.startsWith(`${overview}:`) ? board.slice(overview.length + 1) : undefined
  }

  #publisher(board: string, privacy: Privacy): BoardPublisher {
    const { clock, site, deltas, position, sourceOf, built, failed, recording, departments, dataAsOf } = this.#options
    const { cadence } = this.#options
    const { translationsOf } = this.#options
    let memory: BottleneckMemory = {}
    const build = (now: number): BoardContent => {
      const begin = performance.now()
      const source = sourceOf(this.#processOf(board) ?? '', now)
      // The first process exists before anybody has defined one, and disappears when another one is defined.
      if (source === undefined) throw new AppError('unknown_board', 'the process of the board no longer exists')
      const numbers = privateBoard(buildBoard(source, now, privacy), privacy)
      memory = chooseBottleneck(bottleneckStages(source, now), memory, clock.elapsed())
      const { holder } = memory
      const translations = translationsOf([...shownTexts(numbers), ...(departments ?? [])])
      const content = publicContent({
        ...numbers,
        position: position(),
        ...(translations !== undefined && { translations }),
        ...(holder !== undefined && { bottleneck: holder }),
        ...(recording !== undefined && { recording }),
        ...(departments !== undefined && { departments: [...departments].toSorted() }),
      })
      built(performance.now() - begin)
      return content
    }
    const audience = this.audience(privacy)
    const send = (delta: BoardDelta): void => deltas.delta({ site, audience, board }, delta)
    return new BoardPublisher({ board, build, clock, dataAsOf, cadence, send, failed })
  }
}
