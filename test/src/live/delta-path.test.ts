import { compareHeartbeat, stepBoard } from '../../../client/src/live/board-step.ts'
import { BoardPublisher } from '@stagewatch/server/boards/board-publisher.ts'
import { boardOf } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { BoardRooms } from '@stagewatch/server/live/board-rooms.ts'
import type { ScreenFeed } from '@stagewatch/server/live/screen-feed.ts'
import { board as boardSchema } from '@stagewatch/shared/contract/board.ts'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { boardDelta, boardHeartbeat, protocolVersion } from '@stagewatch/shared/contract/socket.ts'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { z } from 'zod'

const room = { site: 'main', audience: '', board: 'overview' }
const packet = z.tuple([z.string(), z.unknown()])

/** The server's side: a board on which sources appear, change and disappear, and the rooms of its viewers. */
class Plant {
  readonly clock = new VirtualClock(Date.parse('2026-11-20T09:13:00+08:00'))
  readonly rooms = new BoardRooms()
  readonly #numbers = boardOf(new LiveEngine('Asia/Shanghai'), 'default', this.clock.now())
  sources: Board['sources'] = {}
  dataAsOf: number | undefined
  publisher = this.#publish()

  /** Restarts the board with a new epoch; its versions cannot be compared with the earlier ones. */
  restart(): void {
    this.publisher.close()
    this.publisher = this.#publish()
  }

  #publish(): BoardPublisher {
    return new BoardPublisher({
      board: 'overview',
      build: (now) => ({ ...this.#numbers, asOf: now, position: '', sources: this.sources }),
      clock: this.clock,
      dataAsOf: () => this.dataAsOf,
      send: (delta) => this.rooms.delta(room, delta),
      failed: (error) => expect.fail(String(error)),
    })
  }

  heartbeat(): void {
    const { epoch, version } = this.publisher
    const at = this.clock.now()
    this.publisher.invalidate()
    this.rooms.heartbeat(room, {
      protocol: protocolVersion,
      board: 'overview',
      epoch,
      version,
      at,
      sources: {},
      build: '',
    })
  }
}

/** The client's side and the connection between the two: messages arrive when they are delivered. */
class Viewer {
  board: Board | undefined
  readonly #plant: Plant
  readonly #name: string
  readonly #confirms: boolean
  #toServer: (() => void)[] = []
  #toClient: (() => void)[] = []
  #feed: ScreenFeed | undefined
  #joining = false
  #behind = false
  /** The client does not read, so the server buffers its messages. */
  isStalled = false

  constructor(plant: Plant, name: string, confirms: boolean) {
    this.#plant = plant
    this.#name = name
    this.#confirms = confirms
    this.join()
  }

  join(): void {
    if (this.#joining) return
    this.#joining = true
    this.#behind = false
    this.#toServer.push(() => {
      const line = {
        waiting: () => (this.isStalled ? this.#toClient.length * 100_000 : 0),
        get waitingBytes() {
          return this.waiting()
        },
        write: ({ packet: text }: { packet: string }) => void this.#toClient.push(() => this.#record(text)),
      }
      this.#plant.rooms.leave(room, this.#name)
      this.#feed = this.#plant.rooms.join(room, this.#name, line, this.#confirms)
      const snapshot = structuredClone(this.#plant.publisher.snapshot())
      this.#toClient.push(() => {
        this.#joining = false
        this.#show(snapshot)
      })
    })
  }

  /** Delivers one message in each direction. */
  sync(): void {
    this.#toServer.shift()?.()
    if (!this.isStalled) this.#toClient.shift()?.()
  }

  get isQuiet(): boolean {
    return this.#toServer.length + this.#toClient.length === 0
  }

  #show(board: Board): void {
    expect(boardSchema.safeParse(board).error).toBeUndefined()
    this.board = board
    this.#behind = false
    const { epoch, version } = board
    const feed = this.#feed
    if (this.#confirms) this.#toServer.push(() => feed === this.#feed && feed?.seen({ epoch, version }))
  }

  #record(text: string): void {
    const [event, message] = packet.parse(JSON.parse(text.slice(1)))
    if (this.#joining || this.board === undefined) return
    if (event === 'board:delta') {
      const step = stepBoard(this.board, boardDelta.parse(message))
      if (step.kind === 'applied') this.#show(step.board)
      else if (step.kind === 'gap') this.join()
      return
    }
    const found = compareHeartbeat(this.board, boardHeartbeat.parse(message))
    if (found === 'current') this.#behind = false
    else if (found === 'gap' || this.#behind) this.join()
    else this.#behind = true
  }
}

const source = fc.record({
  name: fc.constant({ zh: '仓库', en: 'Warehouse' }),
  lastReceivedAt: fc.nat(5),
  late: fc.boolean(),
})
const action = fc.oneof(
  fc.record({
    kind: fc.constant('change' as const),
    name: fc.constantFrom('a', 'b', '__proto__'),
    source: fc.option(source),
  }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 100, 250, 600) }),
  fc.record({ kind: fc.constantFrom('exchange' as const, 'stall' as const, 'join' as const), viewer: fc.nat(2) }),
  fc.record({ kind: fc.constantFrom('pulse' as const, 'restart' as const, 'outage' as const, 'recovery' as const) }),
)

it('despite slow clients, outages and restarts, every viewer ends with the board of the server', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      const plant = new Plant()
      const viewers = [
        new Viewer(plant, 'wall', true),
        new Viewer(plant, 'far wall', true),
        new Viewer(plant, 'old', false),
      ]
      for (const step of actions) {
        switch (step.kind) {
          case 'change': {
            const others = Object.entries(plant.sources).filter(([name]) => name !== step.name)
            plant.sources = Object.fromEntries(step.source === null ? others : [...others, [step.name, step.source]])
            plant.publisher.invalidate()
            break
          }
          case 'wait':
            plant.clock.advanceTo(plant.clock.now() + step.ms)
            break
          case 'exchange':
            viewers[step.viewer]?.sync()
            break
          case 'stall':
            viewers[step.viewer]!.isStalled = true
            break
          case 'join':
            viewers[step.viewer]?.join()
            break
          case 'pulse':
            plant.heartbeat()
            break
          case 'restart':
            plant.restart()
            break
          case 'outage':
            plant.dataAsOf = plant.clock.now()
            break
          case 'recovery':
            plant.dataAsOf = undefined
        }
      }
      plant.dataAsOf = undefined
      for (const viewer of viewers) viewer.isStalled = false
      // Three heartbeats: the first two find the viewer behind, the third comes after it has rejoined.
      for (let i = 0; i < 4; i++) {
        plant.heartbeat()
        plant.clock.advanceTo(plant.clock.now() + 2_000)
        let rounds = 0
        while (viewers.some(({ isQuiet }) => !isQuiet)) {
          for (const viewer of viewers) viewer.sync()
          expect(++rounds, 'viewers come to rest').toBeLessThan(1_000)
        }
      }
      const { asOf: _, ...truth } = plant.publisher.snapshot()
      for (const { board } of viewers) expect({ ...board }).toMatchObject(truth)
      for (const { board } of viewers)
        expect(Object.keys(board!.sources).toSorted()).toEqual(Object.keys(truth.sources).toSorted())
    }),
    costlyPropertyRuns,
  )
})
