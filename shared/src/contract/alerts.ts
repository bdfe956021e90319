import { z } from 'zod'
import { limitUpTo } from './query-parameters.ts'
import { severities } from '../domain/alerts/alert-rule.ts'
import { localText, translations } from './names.ts'

/** How often an alert may be handed over. */
export const maxHandOvers = 20
/** How long a colleague has to accept an alert, if the request does not say. */
export const defaultAcceptWithinMs = 30 * 60_000
const [minuteMs, dayMs] = [60_000, 24 * 3_600_000]

const alertStates = ['open', 'acknowledged', 'snoozed', 'ended'] as const

/** An alert raised by a rule. Instants are epoch ms. */
export const alert = z.object({
  id: z.int(),
  rule: z.object({
    id: z.string(),
    name: z.string(),
    /** The name by language. Undefined: somebody typed it. */
    names: localText.optional(),
    severity: z.enum(severities),
  }),
  state: z.enum(alertStates),
  process: z.string().optional(),
  order: z.string().optional(),
  customer: z.string().optional(),
  stage: z.string().optional(),
  stageName: localText.optional(),
  source: z.string().optional(),
  owner: z.string().optional(),
  beganAt: z.int(),
  endedAt: z.int().optional(),
  /** Nobody was notified: the condition began before the rule was enabled, or came with an import. */
  isSilent: z.boolean(),
  /** The last evaluation had nothing to measure. */
  isUnknown: z.boolean(),
  acknowledgedAt: z.int().optional(),
  acknowledgedBy: z.string().optional(),
  acknowledgedUntil: z.int().optional(),
  snoozedUntil: z.int().optional(),
  /** The colleague who is asked to take the alert. Undefined: nobody, or the site does not show names. */
  handedTo: z.string().optional(),
  /** Who handed the alert over. Undefined: nobody, or the site does not show names. */
  handedBy: z.string().optional(),
  /** When the hand-over ends unless the colleague has answered; nobody is notified before. Undefined: there is none. */
  acceptBy: z.int().optional(),
  /** The caller is the colleague who is asked. */
  isHandedToYou: z.boolean().optional(),
  /** Number of executed steps of the ladder. */
  stepsDone: z.int(),
  /** Time of the next notification if nobody acts. Undefined if there is none. */
  nextAt: z.int().optional(),
})
export type AlertView = z.infer<typeof alert>

export const alertsQuery = z.strictObject({
  site: z.string().optional(),
  /** `open`: all alerts that have not ended. */
  state: z.enum(['open', 'ended']).default('open'),
  rule: z.string().max(100).optional(),
  order: z.string().max(200).optional(),
  /** Taken from the response with the previous page. */
  cursor: z.string().max(100).optional(),
  limit: limitUpTo(200, 50),
})

/** Response of `GET /api/v1/alerts`, newest first. */
export const alertList = z.object({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  alerts: z.array(alert),
  cursor: z.string().optional(),
  /** Number of all open alerts, regardless of the query. */
  openCount: z.int(),
  /** Number of open alerts that are neither acknowledged nor snoozed. */
  waitingCount: z.int(),
})
export type AlertList = z.infer<typeof alertList>

/** Kinds of entries in the history of an alert. */
const alertLogKinds = [
  'began',
  'notified',
  'acknowledged',
  'reminded',
  'snoozed',
  'handedOver',
  'accepted',
  'declined',
  /** The colleague did not answer in time. */
  'notAccepted',
  'ended',
] as const
export type AlertLogKind = (typeof alertLogKinds)[number]

export const alertDetail = alert.extend({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  log: z.array(
    z.object({
      at: z.int(),
      kind: z.enum(alertLogKinds),
      by: z.string().optional(),
      /** Names of the notified people; empty if nobody could be notified. Of a hand-over: the colleague. */
      recipients: z.array(z.string()).optional(),
      /** The end of an acknowledgement or a snooze, or until when the colleague can answer. */
      until: z.int().optional(),
      /** Why a hand-over was declined. */
      text: z.string().optional(),
    }),
  ),
})
export type AlertDetail = z.infer<typeof alertDetail>

/** Request body of `POST /api/v1/alerts/:id/snooze`. */
export const snoozeRequest = z.strictObject({
  /**
   * Epoch ms. `nextWorkingMorning`: the start of work on the next working day of the calendar that applies to the
   * order.
   */
  until: z.union([z.int(), z.literal('nextWorkingMorning')]),
})
export type SnoozeUntil = z.infer<typeof snoozeRequest>['until']

/** Request body of `POST /api/v1/alerts/:id/hand-over`. */
export const alertHandOverRequest = z.strictObject({
  /** Id of a person from `GET /api/v1/alerts/:id/targets`. */
  to: z.string().min(1).max(100),
  /** Time for the answer, working ms of the calendar that applies to the order; elapsed ms for a critical alert. */
  acceptWithinMs: z
    .int()
    .min(5 * minuteMs)
    .max(dayMs)
    .default(defaultAcceptWithinMs),
})
export type AlertHandOverRequest = z.input<typeof alertHandOverRequest>

/** Request body of `POST /api/v1/alerts/:id/decline`. */
export const alertDeclineRequest = z.strictObject({
  /** Why the colleague does not take the alert. */
  reason: z.string().trim().min(1).max(500).optional(),
})

/** Response of `GET /api/v1/alerts/:id/targets`: people to whom the alert can be handed over, by name. */
export const alertTargets = z.object({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  /** Without the caller; empty at sites that do not show names. */
  people: z.array(z.object({ id: z.string(), name: z.string(), isPresent: z.boolean() })).max(500),
})
