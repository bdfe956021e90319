import { setImmediate } from 'node:timers/promises'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { admit } from '../admit-events.ts'
import type { EventIntake } from '../event-intake.ts'
import type { FileEvent } from '../files/file-event.ts'
import { parseFileEvent } from '../parse/parse-file-event.ts'
import type { ParsedItem } from '../parse/parse-events.ts'
import { newSiteRules, TrialRules } from '../trial-rules.ts'

export type EventResult = EventsAnswer['results'][number]

/** Gives one result for each event, in order. */
export type SendEvents = (events: readonly FileEvent[]) => Promise<readonly EventResult[]>

/** Where the events of a file go: to a server, which in a dry run judges them and keeps none. */
export interface EventSender {
  readonly send: SendEvents
  /** Of one call. */
  readonly maxEvents: number
  /** Of the texts of one call. */
  readonly maxCharacters: number
}

/** Some ms. */
const parsedAtOnce = 500

/**
 * A commit of more is hardly cheaper, and no other server reads the log past a transaction that is open: with 25,000 a
 * delta came two to four seconds late on a busy machine.
 */
export const eventsPerCommit = 8_000
export const charactersPerCommit = 16 * 1024 * 1024

/**
 * Hands events of an import to the pipeline of their site in this process, as `POST /api/v1/events` would, without
 * writing them out as JSON.
 * @param sender who imports them.
 * @param now the clock of the server, epoch ms.
 */
export function intakeSender(intake: EventIntake, importId: number, sender: string, now: () => number): EventSender {
  let before: Promise<unknown> = Promise.resolve()
  return {
    maxEvents: eventsPerCommit,
    maxCharacters: charactersPerCommit,
    async send(events) {
      // In turn, so that what is sent first is stored first.
      const items = before.then(() => parseInSlices(events, now()))
      before = items
      return (await intake.submit({ sender, imported: true, importId, items: await items })).results
    },
  }
}

/** Orders are locked while a trial runs. */
export const eventsPerTrial = 5_000

/**
 * Tells what would become of events, and keeps none. Each call is judged as if those before it had not been made.
 * @param process gives the one that would be saved before the import; undefined: the rules are those of the site.
 */
export function trialSender(
  intake: EventIntake,
  process: () => ProcessDefinition | undefined,
  sender: string,
  now: () => number,
): EventSender {
  return {
    maxEvents: eventsPerTrial,
    maxCharacters: charactersPerCommit,
    async send(events) {
      const items = await parseInSlices(events, now())
      return (await intake.try({ sender, imported: true, items }, process())).results
    },
  }
}

/** The same for a site that does not exist yet: what is rejected there is rejected by what it says itself. */
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

async function parseInSlices(events: readonly FileEvent[], now: number): Promise<readonly ParsedItem[]> {
  const items: ParsedItem[] = []
  for (const [index, raw] of events.entries()) {
    if (index > 0 && index % parsedAtOnce === 0) await setImmediate()
    const parsed = parseFileEvent(raw, now)
    if (parsed.ok) items.push({ index, ok: true, event: parsed.event, raw })
    else items.push({ index, ok: false, rejection: parsed.rejection, raw })
  }
  return items
}
