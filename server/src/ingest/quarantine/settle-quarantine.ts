import type { Database } from '@stagewatch/db/database.ts'
import type {
  QuarantineChoice,
  QuarantineDismissed,
  QuarantineRetried,
} from '@stagewatch/shared/contract/quarantine.ts'
import type { Actor } from '../../access/actor.ts'
import { recordChange } from '../../access/changes-table.ts'
import type { EventIntake } from '../event-intake.ts'
import { parseStored } from '../parse/parse-events.ts'
import type { ParsedItem } from '../parse/parse-events.ts'
import { deleteQuarantined, loadChosen } from './quarantine-table.ts'

interface Settling {
  readonly database: Database
  readonly intake: EventIntake
  readonly actor: Actor
  readonly now: number
}

/**
 * Resubmits events as their senders would. An event that is rejected again returns to quarantine with its current
 * reason. If the server dies in between, an event may be both in the log and in quarantine, which is harmless because a
 * retry is idempotent.
 */
export async function retryQuarantined(choice: QuarantineChoice, settling: Settling): Promise<QuarantineRetried> {
  const { database, intake, now } = settling
  const chosen = await loadChosen(database, intake.site.code, choice)
  const readable = chosen.flatMap((event) => {
    const raw = jsonOf(event.raw)
    return raw === undefined ? [] : [{ ...event, value: raw.value }]
  })
  const total = { accepted: 0, duplicate: 0, rejected: 0, unreadable: chosen.length - readable.length }
  const bySender = [...Map.groupBy(readable, ({ sender }) => sender)]
  const answers = await Promise.all(
    bySender.map(([sender, events]) => {
      const items = events.map(({ value }, index): ParsedItem => parseStored(value, index, now))
      return intake.submit({ sender, items })
    }),
  )
  for (const { accepted, duplicate, rejected } of answers) {
    total.accepted += accepted
    total.duplicate += duplicate
    total.rejected += rejected
  }
  await remove(
    settling,
    'quarantine.retried',
    readable.map(({ id }) => id),
    total,
  )
  return total
}

export async function dismissQuarantined(choice: QuarantineChoice, settling: Settling): Promise<QuarantineDismissed> {
  const chosen = await loadChosen(settling.database, settling.intake.site.code, choice)
  return {
    dismissed: await remove(
      settling,
      'quarantine.dismissed',
      chosen.map(({ id }) => id),
    ),
  }
}

/** @returns the number of removed events. */
async function remove(
  { database, intake, actor, now }: Settling,
  action: 'quarantine.retried' | 'quarantine.dismissed',
  ids: readonly number[],
  became?: QuarantineRetried,
): Promise<number> {
  if (ids.length === 0) return 0
  const site = intake.site.code
  return database.transaction(async (tx) => {
    const removed = await deleteQuarantined(tx, site, ids)
    if (removed.length === 0) return 0
    const change = { changedAt: now, actor, action, subject: '', before: { ids: removed }, after: became } as const
    await recordChange(tx, site, change)
    return removed.length
  })
}

/** Undefined if the text was truncated when it was stored. */
function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}
