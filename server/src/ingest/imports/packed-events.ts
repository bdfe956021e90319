import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import type { FileEvent, FileEventData } from '../files/file-event.ts'

/**
 * Events in buffers that are transferred between threads. Copying the events themselves, or their JSON, would take
 * several times as long as reading them.
 */
export interface PackedEvents {
  /** For each event: its type, then the places of its texts, then the number of its data fields and their places. */
  readonly places: Uint32Array<ArrayBuffer>
  /** One per event; NaN if it has none. */
  readonly sequences: Float64Array<ArrayBuffer>
  /** All distinct texts and values as a list in JSON; place 1 is the first, place 0 stands for none. */
  readonly values: Uint8Array<ArrayBuffer>
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function packEvents(events: readonly FileEvent[]): PackedEvents {
  const values: unknown[] = []
  const known = new Map<unknown, number>()
  /** Place of a value that hardly occurs twice. */
  const add = (value: unknown): number => values.push(value)
  const placeOf = (value: unknown): number => {
    if (value === undefined) return 0
    const before = known.get(value)
    if (before !== undefined) return before
    const place = add(value)
    known.set(value, place)
    return place
  }
  const places: number[] = []
  const sequences = new Float64Array(events.length)
  let packed = 0
  for (const { source, id, type, order, stage, occurredAt, actor, sequence, data } of events) {
    sequences[packed++] = sequence ?? Number.NaN
    places.push(eventTypes.indexOf(type), placeOf(source), add(id), placeOf(order), placeOf(stage))
    places.push(add(occurredAt), placeOf(actor))
    const countAt = places.push(0) - 1
    let count = 0
    for (const name in data) {
      const value = data[name as keyof FileEventData]
      if (value === undefined) continue
      places.push(placeOf(name), placeOf(value))
      count += 1
    }
    places[countAt] = count
  }
  return { places: Uint32Array.from(places), sequences, values: encoder.encode(JSON.stringify(values)) }
}

/** @param packed by `packEvents`, in a thread of our own. */
export function unpackEvents({ places, sequences, values: json }: PackedEvents): FileEvent[] {
  const values = JSON.parse(decoder.decode(json)) as unknown[]
  const events: FileEvent[] = []
  let at = 0
  const place = (): number => places[at++] ?? 0
  const value = (): unknown => values[place() - 1]
  const optional = (): string | undefined => {
    const text = value()
    return typeof text === 'string' ? text : undefined
  }
  const text = (): string => optional() ?? ''
  for (const sequence of sequences) {
    const type = eventTypes[place()]
    if (type === undefined) throw new RangeError('an event of a file has an unknown type')
    const [source, id, order, stage, occurredAt, actor] = [text(), text(), text(), optional(), text(), optional()]
    const data: Record<string, unknown> = {}
    for (let left = place(); left > 0; left--) data[text()] = value()
    const known = Number.isNaN(sequence) ? undefined : sequence
    events.push({ source, id, type, order, stage, occurredAt, actor, sequence: known, data })
  }
  return events
}
