import { z } from 'zod'
import { failing } from './field-issue.ts'
import { localText, shortLocalText, translations } from './names.ts'
import { departmentText } from './departments.ts'
import { severities } from './messages.ts'
import { taskStates } from '../domain/tasks/task-state.ts'

/** Maximum length of each list of a handover; the totals count everything. */
export const maxHandoverOrders = 30
/** Maximum number of notes of a department that wait for the end of its shift. */
export const maxHandoverNotes = 50
const maxHandoverLeads = 20
/** Maximum number of missed shifts that a handover lists. */
export const maxMissedShifts = 20
/** Retention of handovers. */
export const handoversKeptDays = 400

const count = z.int().nonnegative()
const instant = z.int()
const personId = z.string().min(1).max(64)
const words = (max: number) => z.string().trim().min(1).max(max)

/** From its first to its last working instant; epoch ms. */
const shiftSpan = z.object({ start: instant, end: instant })

const orderInStage = {
  order: z.string(),
  process: z.string(),
  stage: z.string(),
  stageName: shortLocalText.optional(),
  owner: z.string().optional(),
}

/** Orders that exceeded their limit during the shift, earliest first; `resolvedAt` is set once no longer overdue. */
const turnedOverdue = z.object({
  total: count,
  /** The number of these orders that are no longer overdue. */
  resolvedCount: count,
  orders: z.array(z.object({ ...orderInStage, at: instant, resolvedAt: instant.optional() })),
})

/** Orders that were overdue or stalled at the end, the longest overdue first. */
const stuck = z.object({
  total: count,
  overdueCount: count,
  stalledCount: count,
  orders: z.array(
    z.object({
      ...orderInStage,
      isOverdue: z.boolean(),
      isStalled: z.boolean(),
      dueAt: instant.optional(),
      /** When the owner took the order over, or the order entered the stage. */
      ownerSince: instant.optional(),
    }),
  ),
})

/** Open orders promised between the end of the shift and the start of the shift after the next one. */
const promised = z.object({
  total: count,
  orders: z.array(z.object({ ...orderInStage, promisedAt: instant })),
})

/** Open alerts, newest first. */
const openAlerts = z.object({
  total: count,
  alerts: z.array(
    z.object({
      id: z.int(),
      rule: z.string(),
      /** The name of the rule by language. Undefined: somebody typed it. */
      ruleNames: localText.optional(),
      severity: z.enum(severities),
      beganAt: instant,
      order: z.string().optional(),
      acknowledgedBy: z.string().optional(),
    }),
  ),
})

/** Open tasks of the department, oldest first. */
const openTasks = z.object({
  total: count,
  tasks: z.array(
    z.object({
      id: z.int(),
      title: z.string(),
      /** The title by language. Undefined: somebody typed it. */
      titles: localText.optional(),
      state: z.enum(taskStates),
      createdAt: instant,
      order: z.string().optional(),
      assignee: z.string().optional(),
    }),
  ),
})

export const handoverContent = z.object({ turnedOverdue, stuck, promised, openAlerts, openTasks })
export type HandoverContent = z.infer<typeof handoverContent>

export const handoverNote = z.object({
  id: z.string(),
  at: instant,
  text: z.string(),
  /** Left out at sites that do not show names. */
  author: z.string().optional(),
  /** Whether the caller may delete the note: it is their own, and the handover is not confirmed yet. */
  isOwn: z.boolean(),
})
export type HandoverNote = z.infer<typeof handoverNote>

/** The body of `PUT /api/v1/handover-settings/{department}`. */
export const handoverSettings = z.strictObject({
  /** Whether a handover is made at the end of each shift. */
  enabled: z.boolean(),
  /** Ids of the leads; those who work in the next shift are notified. Empty: the lead of the department. */
  leads: z
    .array(personId)
    .max(maxHandoverLeads)
    .refine((all) => new Set(all).size === all.length, failing('twice', 'names a person twice')),
  /** Minutes into the next shift after which an unconfirmed handover needs action. */
  confirmWithinMinutes: z.int().min(5).max(480),
})
export type HandoverSettings = z.infer<typeof handoverSettings>

/** The answer of `GET /api/v1/handover-settings/{department}`. */
export const handoverSettingsView = z.object({
  ...handoverSettings.shape,
  /** Names of `leads` in the same order, empty for people who have left. Left out at sites that do not show names. */
  leadNames: z.array(z.string()).optional(),
  /** Sent back in `If-Match` when the settings are changed. */
  version: z.string(),
})

export type HandoverSettingsView = z.infer<typeof handoverSettingsView>

/** A handover in a list. */
export const handoverSummary = z.object({
  id: z.int(),
  department: z.string(),
  departmentName: shortLocalText,
  shift: shiftSpan,
  madeAt: instant,
  turnedOverdueCount: count,
  resolvedCount: count,
  stuckCount: count,
  promisedCount: count,
  noteCount: count,
  /** Left out: not confirmed yet. */
  confirmedAt: instant.optional(),
  confirmedBy: z.string().optional(),
  /** Whether the handover is unconfirmed after its deadline. */
  isOverdue: z.boolean(),
})
export type HandoverSummary = z.infer<typeof handoverSummary>

/** The answer of `GET /api/v1/handovers/{id}`. */
export const handoverDetail = z.object({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  ...handoverSummary.shape,
  /** Left out: the next shift was unknown. */
  next: shiftSpan.optional(),
  /** Earlier shifts that ended while no server ran; the last 20 of them. */
  missed: z.array(shiftSpan),
  content: handoverContent,
  notes: z.array(handoverNote),
  /** Names of the people who were notified. Left out at sites that do not show names. */
  told: z.array(z.string()).optional(),
  confirmBy: instant,
  remark: z.string().optional(),
  mayConfirm: z.boolean(),
  mayNote: z.boolean(),
  asOf: instant,
})
export type HandoverDetail = z.infer<typeof handoverDetail>

const site = z.string().optional()

export const handoversQuery = z.strictObject({
  site,
  /** Key of a department. Left out: all departments that the caller may see. */
  department: departmentText.optional(),
  /** `waiting`: handovers that nobody has confirmed in time. */
  state: z.enum(['all', 'waiting']).default('all'),
  /** Id of the last handover of the previous page. */
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

/** The answer of `GET /api/v1/handovers`, newest first. */
export const handoverList = z.object({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  handovers: z.array(handoverSummary),
  hasMore: z.boolean(),
  /** Number of handovers that nobody has confirmed in time, over all pages. */
  waitingCount: count,
})
export type HandoverList = z.infer<typeof handoverList>

export const currentShiftQuery = z.strictObject({ site, department: departmentText })

/** The answer of `GET /api/v1/handover`: the state of a department's current shift. */
export const currentShift = z.object({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  department: z.string(),
  departmentName: shortLocalText,
  /** The current shift, otherwise the next one. Left out: the calendar of the department has no shifts. */
  shift: shiftSpan.optional(),
  isWorking: z.boolean(),
  next: shiftSpan.optional(),
  content: handoverContent,
  /** Notes written so far, which go with the next handover. */
  notes: z.array(handoverNote),
  /** Whether a handover is made at the end of the shift. */
  isHandedOver: z.boolean(),
  mayNote: z.boolean(),
  maySet: z.boolean(),
  asOf: instant,
})
export type CurrentShift = z.infer<typeof currentShift>

/** The body of `POST /api/v1/handover-notes`. */
export const handoverNoteRequest = z.strictObject({
  department: departmentText,
  text: words(2_000),
  /** Id of an unconfirmed handover. Left out: the next handover. */
  handover: z.int().positive().exactOptional(),
})

/** The body of `POST /api/v1/handovers/{id}/confirm`. */
export const handoverConfirmation = z.strictObject({ remark: words(2_000).exactOptional() })
