import { setImmediate } from 'node:timers/promises'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { Caller } from '../../access/caller.ts'
import { admit } from '../commit/admit-events.ts'
import { conflict } from '../batch-results.ts'
import type { EventIntake } from '../event-intake.ts'
import type { FileEvent } from '../files/file-event.ts'
import { parseFileEvent } from '../files/parse-file-event.ts'
import type { ParsedItem } from '../parse/parse-events.ts'
import { refuseVoids } from '../sender-rights.ts'
import { newSiteRules, TrialRules } from '../commit/trial-rules.ts'

export type EventResult = EventsAnswer['results'][number]

/** Returns one result per event, in order. */
export type SendEvents = (events: readonly FileEvent[]) => Promise<readonly EventResult[]>

/** Target of the events of a file: a server, which in a dry run validates them without storing them. */
export interface EventSender {
  readonly send: SendEvents
  /** Per call. */
  readonly maxEvents: number
  /** Total length of the texts per call. */
  readonly maxCharacters: number
}

/** Parsing this many events takes a few ms. */
const parsedAtOnce = 500

/**
 * Larger commits are hardly cheaper, and no other server instance can read the log past an open transaction: with
 * 25,000 events, deltas were two to four seconds late on a busy machine.
 */
export const eventsPerCommit = 8_000
export const charactersPerCommit = 16 * 1024 * 1024

/** Who imports events. */
export interface Importer {
  readonly name: string
  /** Whether they may send events that take back others. */
  readonly mayVoid: boolean
}

export function importerOf({ name, actions }: Caller): Importer {
  return { name, mayVoid: actions.has('events.void') }
}

/**
 * Submits events of an import to the intake of their site in the same server instance, like `POST /api/v1/events` but
 * without serializing them to JSON.
 * @param now the server's clock, epoch ms.
 */
export function intakeSender(
  intake: EventIntake,
  importId: number,
  importer: Importer,
  now: () => number,
): EventSender {
  let before: Promise<unknown> = Promise.resolve()
  return {
    maxEvents: eventsPerCommit,
    maxCharacters: charactersPerCommit,
    async send(events) {
      // Sequential, so that events are stored in the order in which they are sent.
      const items = before.then(() => parseInSlices(events, now()))
      before = items
      const allowed = permitted(await items, importer)
      return (await intake.submit({ sender: importer.name, imported: true, importId, items: allowed })).results
    },
  }
}

/**
 * For events with identities of their sources: one that is stored with other facts is rejected, because nothing says
 * which of them are newer.
 */
export function exactSender(sender: EventSender): EventSender {
  return {
    ...sender,
    async send(events) {
      const results = await sender.send(events)
      return results.map((result) =>
        result.status !== 'rejected' && result.restated
          ? { index: result.index, status: 'rejected', ...conflict }
          : result,
      )
    },
  }
}

/** Kept small because orders are locked while a trial runs. */
export const eventsPerTrial = 5_000

/**
 * Dry run: determines the outcome of events without storing them. Each call ignores the calls before it.
 * @param process returns the process that would be saved before the import; undefined if the site's rules apply.
 */
export function trialSender(
  intake: EventIntake,
  process: () => ProcessDefinition | undefined,
  importer: Importer,
  now: () => number,
): EventSender {
  return {
    maxEvents: eventsPerTrial,
    maxCharacters: charactersPerCommit,
    async send(events) {
      const items = permitted(await parseInSlices(events, now()), importer)
      return (await intake.try({ sender: importer.name, imported: true, items }, process())).results
    },
  }
}

/** The same for a site that does not exist yet: events are only rejected because of their own content. */
export function newSiteSender(process: () => ProcessDefinition | undefined, now: () => number): EventSender {
  return {
    maxEvents: eventsPerTrial,
    maxCharacters: charactersPerCommit,
    async send(events) {
      const items = await parseInSlices(events, now())
      const rules = new TrialRules(newSiteRules, process())
      return items.map((item): EventResult => {
        const rejection = item.ok ? admit(item.event, rules) : item.rejection
        return rejection === undefined
          ? { index: item.index, status: 'accepted' }
          : { index: item.index, status: 'rejected', ...rejection }
      })
    },
  }
}

function permitted(items: readonly ParsedItem[], { mayVoid }: Importer): readonly ParsedItem[] {
  return mayVoid ? items : refuseVoids(items)
}

async function parseInSlices(events: readonly FileEvent[], now: number): Promise<readonly ParsedItem[]> {
  const items: ParsedItem[] = []
  for (const raw of events) {
    const index = items.length
    if (index > 0 && index % parsedAtOnce === 0) await setImmediate()
    const parsed = parseFileEvent(raw, now)
    if (parsed.ok) items.push({ index, ok: true, event: parsed.event, raw })
    else items.push({ index, ok: false, rejection: parsed.rejection, raw })
  }
  return items
}
