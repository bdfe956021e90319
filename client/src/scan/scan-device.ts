import { me as meResponse, type Me } from '@stagewatch/shared/contract/me.ts'
import type { ReportedAction } from '@stagewatch/shared/contract/order-action.ts'
import { request } from '../api/request.ts'
import { serverTime } from '../api/server-time.ts'
import { createStore, type Store } from '../live/store.ts'
import {
  isFull,
  waitingOf,
  withRefusal,
  withReport,
  withRetry,
  withoutReport,
  type Person,
  type Report,
} from './reports.ts'
import type { ScanDatabase } from './scan-database.ts'
import { outcomeOf, sendReport, timeoutMs } from './send-reports.ts'
import { tapInstant, type Contact, type Reading } from './tap-time.ts'

export interface DeviceState {
  readonly reports: readonly Report[]
  /** Who taps: who was signed in when the server was last heard of; undefined: nobody ever was. */
  readonly person?: Person | undefined
  /** As the server told it in this load of the page. */
  readonly me?: Me | undefined
  /** `unknown`: no answer yet since the page was loaded. */
  readonly server: 'unknown' | 'reached' | 'unreachable'
  /** The server was reached, and nobody is signed in. */
  readonly isSignedOut: boolean
  readonly contact?: Contact | undefined
}

interface ScanDeviceOptions {
  /** Undefined: the browser stores nothing, so that what waits is lost with the page. */
  readonly database: ScanDatabase | undefined
  /** Undefined: the one that the server takes for the person's. */
  readonly site: string | undefined
  /** The server has counted a report in. */
  readonly onSent: (report: Report, at: number) => void
}

interface Tapped {
  readonly order: string
  readonly stage?: string | undefined
  readonly isUnseen?: boolean
  readonly action: ReportedAction
}

const pollEveryMs = 30_000
const [firstRetryMs, lastRetryMs] = [2_000, 60_000]

/** What was tapped on this device, and its way to the server: in order, and nothing twice. */
export class ScanDevice {
  readonly state: Store<DeviceState>
  readonly #options: ScanDeviceOptions
  readonly #page = newId()
  #running: Promise<void> | undefined
  #failures = 0
  /** Reports that are on their way into the database. */
  readonly #storing = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined

  private constructor(options: ScanDeviceOptions, initial: Pick<DeviceState, 'reports' | 'person' | 'contact'>) {
    this.#options = options
    this.state = createStore<DeviceState>({ ...initial, server: 'unknown', isSignedOut: false })
  }

  static async open(options: ScanDeviceOptions): Promise<ScanDevice> {
    const { database } = options
    const reports = (await database?.reports()) ?? []
    const device = new ScanDevice(options, {
      reports,
      person: await database?.person(),
      contact: await database?.contact(),
    })
    addEventListener('online', () => void device.send())
    addEventListener('offline', () => device.#change({ server: 'unreachable' }))
    addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void device.send())
    void device.send()
    return device
  }

  /** The instant of a tap by the server's clock, as far as it is known now. */
  instantOf({ tap }: Report): number {
    const { contact } = this.state.get()
    const isLater = contact !== undefined && (contact.page !== tap.page || contact.monotonicAt >= tap.monotonicAt)
    const isOfThisPage = contact?.page === this.#page
    return tapInstant(tap, isLater && isOfThisPage ? contact : undefined)
  }

  /** Keeps what somebody tapped, and sends it. @returns whether there was room for it, and somebody who taps. */
  async tap({ order, stage, isUnseen, action }: Tapped): Promise<boolean> {
    const { person, reports, contact } = this.state.get()
    if (person === undefined || isFull(reports)) return false
    const tap = { ...this.#reading(), before: contact }
    const report: Report = {
      id: newId(),
      order,
      person,
      action,
      tap,
      ...(stage !== undefined && { stage }),
      ...(isUnseen === true && { isUnseen }),
    }
    this.#storing.add(report.id)
    this.#change({ reports: withReport(reports, report) })
    await this.#options.database?.addReport(report).finally(() => this.#storing.delete(report.id))
    void this.send()
    return true
  }

  async retry(id: string): Promise<void> {
    this.#change({ reports: withRetry(this.state.get().reports, id) })
    await this.#store(id)
    void this.send()
  }

  async discard(id: string): Promise<void> {
    await this.#options.database?.removeReport(id)
    this.#change({ reports: withoutReport(this.state.get().reports, id) })
  }

  /** Takes the time from an answer of the server. @param serverAt epoch ms; undefined: as its header has it. */
  noteContact(serverAt: number | undefined): void {
    const reading = this.#reading()
    const contact = { ...reading, serverAt: serverAt ?? serverTime(reading.wallAt) }
    this.#change({ contact, server: 'reached' })
    void this.#options.database?.keep('contact', contact)
  }

  noteUnreachable(): void {
    this.#change({ server: 'unreachable' })
  }

  /** Sends what waits, one after the other; once at a time, also with several tabs where the browser can tell. */
  send(): Promise<void> {
    clearTimeout(this.#timer)
    this.#running ??= alone(() => this.#run()).finally(() => {
      this.#running = undefined
      this.#timer = setTimeout(() => void this.send(), this.#nextMs())
    })
    return this.#running
  }

  async #run(): Promise<void> {
    if (!(await this.#askWho())) return
    await this.#readOtherTabs()
    for (;;) {
      const { reports, person } = this.state.get()
      const [next] = waitingOf(reports, person?.id)
      if (next === undefined) return
      const at = this.instantOf(next)
      const outcome = await sendReport(next, at)
      if (outcome === 'signedOut') return this.#change({ isSignedOut: true })
      if (outcome === 'unreachable') {
        this.#failures += 1
        return
      }
      if (outcome === 'done') {
        this.#options.onSent(next, at)
        await this.discard(next.id)
      } else {
        this.#change({ reports: withRefusal(this.state.get().reports, next.id, outcome.refusal) })
        await this.#store(next.id)
      }
    }
  }

  /** Who is signed in, and what time it is there. @returns whether somebody is. */
  async #askWho(): Promise<boolean> {
    const { site, database } = this.#options
    try {
      const found = await request({ path: '/api/v1/me', response: meResponse, site, timeoutMs })
      this.noteContact(undefined)
      this.#failures = 0
      const person = found.id === undefined ? undefined : { id: found.id, name: found.name, site: found.site }
      // Whoever tapped before stays who taps, until somebody else is there.
      this.#change({ me: found, isSignedOut: person === undefined, ...(person !== undefined && { person }) })
      if (person !== undefined) await database?.keep('person', person)
      return person !== undefined
    } catch (error) {
      const outcome = outcomeOf(error)
      this.#failures = outcome === 'signedOut' ? 0 : this.#failures + 1
      if (outcome === 'unreachable') this.noteUnreachable()
      else this.noteContact(undefined)
      if (outcome === 'signedOut') this.#change({ isSignedOut: true, me: undefined })
      return false
    }
  }

  async #readOtherTabs(): Promise<void> {
    const stored = await this.#options.database?.reports()
    if (stored === undefined) return
    const known = new Set(stored.map(({ id }) => id))
    const onTheirWay = this.state.get().reports.filter(({ id }) => this.#storing.has(id) && !known.has(id))
    this.#change({ reports: [...stored, ...onTheirWay] })
  }

  async #store(id: string): Promise<void> {
    const report = this.state.get().reports.find((each) => each.id === id)
    if (report !== undefined) await this.#options.database?.changeReport(report)
  }

  #nextMs(): number {
    const { reports, person, isSignedOut } = this.state.get()
    // Tapped while the last run was about to end.
    const isLeft = !isSignedOut && waitingOf(reports, person?.id).length > 0
    if (this.#failures === 0) return isLeft ? 0 : pollEveryMs
    return Math.min(firstRetryMs * 2 ** (this.#failures - 1), lastRetryMs) * (0.75 + Math.random() / 2)
  }

  #reading(): Reading {
    return { wallAt: Date.now(), monotonicAt: performance.now(), page: this.#page }
  }

  #change(change: Partial<DeviceState>): void {
    this.state.set({ ...this.state.get(), ...change })
  }
}

/** While another tab is at it, this one leaves it to that. Pages over plain http have no locks. */
async function alone(work: () => Promise<void>): Promise<void> {
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined) return work()
  await locks.request('stagewatch-scan-send', work)
}

/** `crypto.randomUUID` is missing where the page came over plain http. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
