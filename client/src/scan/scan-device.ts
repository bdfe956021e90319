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
  /**
   * The person whose taps are recorded: whoever was signed in at the last contact with the server. Undefined if nobody
   * ever was.
   */
  readonly person?: Person | undefined
  /** As reported by the server since this page was loaded. */
  readonly me?: Me | undefined
  /** `unknown`: no answer since the page was loaded. */
  readonly server: 'unknown' | 'reached' | 'unreachable'
  /** The server is reachable, and nobody is signed in. */
  readonly isSignedOut: boolean
  readonly contact?: Contact | undefined
}

interface ScanDeviceOptions {
  /** Undefined if the browser has no storage; waiting reports are then lost with the page. */
  readonly database: ScanDatabase | undefined
  /** Undefined: the person's default site on the server. */
  readonly site: string | undefined
  /** Called when the server has applied a report. */
  readonly onSent: (report: Report, at: number) => void
}

interface TapInput {
  readonly order: string
  readonly stage?: string | undefined
  readonly isUnseen?: boolean
  readonly action: ReportedAction
}

const pollIntervalMs = 30_000
const [firstRetryMs, lastRetryMs] = [2_000, 60_000]

/** The reports of this device and their delivery to the server: in order, each exactly once. */
export class ScanDevice {
  readonly state: Store<DeviceState>
  readonly #options: ScanDeviceOptions
  readonly #page = newId()
  #running: Promise<void> | undefined
  #failures = 0
  /** Reports that are being written to the database. */
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

  /** The instant of a tap by the server's clock, according to the contacts so far. */
  instantOf({ tap }: Report): number {
    const { contact } = this.state.get()
    const isLater = contact !== undefined && (contact.page !== tap.page || contact.monotonicAt >= tap.monotonicAt)
    const isOfThisPage = contact?.page === this.#page
    return tapInstant(tap, isLater && isOfThisPage ? contact : undefined)
  }

  /** Stores a report and sends it. @returns whether there was room for it and the person is known. */
  async recordTap({ order, stage, isUnseen, action }: TapInput): Promise<boolean> {
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

  /**
   * Updates the clock offset from a server response. @param serverAt epoch ms. Undefined: taken from its `Date` header.
   */
  noteContact(serverAt: number | undefined): void {
    const reading = this.#reading()
    const contact = { ...reading, serverAt: serverAt ?? serverTime(reading.wallAt) }
    this.#change({ contact, server: 'reached' })
    void this.#options.database?.keep('contact', contact)
  }

  noteUnreachable(): void {
    this.#change({ server: 'unreachable' })
  }

  /**
   * Sends the waiting reports one after the other. Only one run at a time, also across tabs where the browser has
   * locks.
   */
  send(): Promise<void> {
    clearTimeout(this.#timer)
    this.#running ??= withExclusiveLock(() => this.#run()).finally(() => {
      this.#running = undefined
      this.#timer = setTimeout(() => void this.send(), this.#nextMs())
    })
    return this.#running
  }

  async #run(): Promise<void> {
    if (!(await this.#refreshPerson())) return
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

  /** Updates the signed-in person and the time of their site. @returns whether somebody is signed in. */
  async #refreshPerson(): Promise<boolean> {
    const { site, database } = this.#options
    try {
      const found = await request({ path: '/api/v1/me', response: meResponse, site, timeoutMs })
      this.noteContact(undefined)
      this.#failures = 0
      const person = found.id === undefined ? undefined : { id: found.id, name: found.name, site: found.site }
      // The previous person stays responsible for taps until somebody else signs in.
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
    if (this.#failures === 0) return isLeft ? 0 : pollIntervalMs
    return Math.min(firstRetryMs * 2 ** (this.#failures - 1), lastRetryMs) * (0.75 + Math.random() / 2)
  }

  #reading(): Reading {
    return { wallAt: Date.now(), monotonicAt: performance.now(), page: this.#page }
  }

  #change(change: Partial<DeviceState>): void {
    this.state.set({ ...this.state.get(), ...change })
  }
}

/** If another tab is already sending, this one does nothing. Pages over plain HTTP have no locks. */
async function withExclusiveLock(work: () => Promise<void>): Promise<void> {
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined) return work()
  await locks.request('stagewatch-scan-send', work)
}

/** `crypto.randomUUID` is missing on pages served over plain HTTP. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
