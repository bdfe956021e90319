import { shownText } from '../../platform/english-text.ts'
import { FileError } from './file-error.ts'
import type { XmlHandlers } from './read-xml.ts'
import { ownText } from './text-lines.ts'
import { RemarkCounts } from './table-remarks.ts'

export interface XesEvent {
  /** Values by `case:` and key; empty for an event outside a trace. */
  readonly trace: ReadonlyMap<string, string>
  /** Values by key. */
  readonly attributes: ReadonlyMap<string, string>
  readonly line: number
}

/** A longer trace is returned in parts before its end; in all known logs, its attributes precede its events. */
const maxGathered = 10_000
const valueElements: ReadonlySet<string> = new Set(['string', 'date', 'int', 'float', 'boolean', 'id'])
const containers: ReadonlySet<string> = new Set(['list', 'container', 'values'])
/** Elements of object-centric logs, in which events have no case. */
const objectCentric: ReadonlySet<string> = new Set(['events', 'objects', 'object-types', 'event-types'])

/** Collects the events of a log from its elements. */
export class XesEvents implements XmlHandlers {
  readonly remarks = new RemarkCounts()
  traces = 0
  readonly #path: string[] = []
  #trace = new Map<string, string>()
  #attributes = new Map<string, string>()
  #eventLine = 0
  #traceLine = 0
  #traceEvents = 0
  #gathered: XesEvent[] = []
  #ready: XesEvent[] = []

  /** Returns the events whose traces are complete. */
  taken(): readonly XesEvent[] {
    return this.#ready.splice(0)
  }

  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    const parent = this.#path.at(-1)
    this.#path.push(name)
    if (parent === undefined) return refuseOtherRoot(name)
    if (parent === 'log' && objectCentric.has(name))
      throw new FileError(
        'unsupported_media_type',
        'object_centric',
        'this file is an object-centric event log (OCEL): flatten it to one kind of object and save it as XES or CSV',
      )
    if (name === 'trace') {
      this.#trace = new Map()
      this.#traceEvents = 0
      this.#traceLine = line
    } else if (name === 'event') {
      this.#attributes = new Map()
      this.#eventLine = line
    } else if (valueElements.has(name)) this.#openValue(parent, attributes, line)
    else if (containers.has(name) && (parent === 'trace' || parent === 'event'))
      this.remarks.add('nested_attributes', line)
  }

  close(name: string): void {
    this.#path.pop()
    if (name === 'event') this.#closeEvent()
    else if (name === 'trace') this.#closeTrace()
  }

  #openValue(parent: string, { key = '', value = '' }: Readonly<Record<string, string>>, line: number): void {
    if (parent === 'event') this.#attributes.set(ownText(key), ownText(value))
    else if (parent === 'trace') this.#trace.set(`case:${key}`, ownText(value))
    else if (valueElements.has(parent) && this.#path.includes('trace')) this.remarks.add('nested_attributes', line)
  }

  #closeEvent(): void {
    this.#traceEvents += 1
    const isInTrace = this.#path.includes('trace')
    const event = {
      trace: isInTrace ? this.#trace : new Map<string, string>(),
      attributes: this.#attributes,
      line: this.#eventLine,
    }
    if (!isInTrace) this.#ready.push(event)
    else if (this.#gathered.push(event) >= maxGathered) this.#handOut()
  }

  #closeTrace(): void {
    this.traces += 1
    if (this.#traceEvents === 0) this.remarks.add('empty_traces', this.#traceLine)
    this.#handOut()
  }

  #handOut(): void {
    for (const event of this.#gathered) this.#ready.push(event)
    this.#gathered = []
  }
}

function refuseOtherRoot(name: string): void {
  if (name === 'log') return
  throw new FileError(
    'unsupported_media_type',
    'other_xml',
    `this file is XML with the root ${shownText(name)}, not an event log (XES): export it as CSV, XLSX or XES`,
    { params: { root: shownText(name) } },
  )
}
