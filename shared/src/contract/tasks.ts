import { z } from 'zod'
import { assignReasons } from '../domain/tasks/assign-tasks.ts'
import type { TaskRules } from '../domain/tasks/assign-tasks.ts'
import { stageStates } from '../domain/stage-state.ts'
import { taskStates } from '../domain/tasks/task-state.ts'
import type { TaskMove } from '../domain/tasks/task-state.ts'
import { eventLimits } from './event-limits.ts'
import { failing } from './field-issue.ts'
import { localText, translations, visibleName } from './names.ts'

/** Maximum number of open tasks of a site. */
export const maxOpenTasks = 2_000
/** Maximum number of cards in a column. */
export const maxCards = 100
const maxTaskText = 2_000
/** How far ahead an update may be promised. */
export const maxPromiseMs = 90 * 24 * 3_600_000

/** Rules by which a site assigns and closes tasks: the body of `PUT /api/v1/task-rules`. */
export const taskRules = z.strictObject({
  assigns: z.boolean(),
  maxPerPerson: z.int().min(1).max(100),
  confirmMinutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60),
  waitingHours: z
    .int()
    .min(1)
    .max(30 * 24),
  needsVerification: z.boolean(),
}) satisfies z.ZodType<TaskRules>

/** The answer of `GET /api/v1/task-rules`; `version` is sent back in `If-Match` when the rules are changed. */
export const taskRulesView = taskRules.extend({ version: z.string() })

const taskEntryKinds = [
  'created',
  'claim',
  'assign',
  'release',
  'handOver',
  'accept',
  'refuse',
  'wait',
  'promise',
  'resume',
  'submit',
  'verify',
  'sendBack',
  'reopen',
  'comment',
  /** A rule asked somebody to take the task. */
  'autoAssign',
  /** Nobody had confirmed in time, so the lead was asked. */
  'escalate',
  /** The assignee was reminded. */
  'remindUpdate',
  'remindWaiting',
  /** The alert that caused the task ended. */
  'alertEnded',
  'assigneeLeft',
] as const
export type TaskEntryKind = (typeof taskEntryKinds)[number]

const personId = z.string().min(1).max(100)
const text = z.string().trim().min(1).max(maxTaskText)
const optionalText = text.exactOptional()

/** A move of a task; `domain/tasks/task-state` defines its meaning. Instants are epoch ms. */
export const taskMove = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('claim') }),
  z.strictObject({ kind: z.literal('assign'), to: personId, text: optionalText }),
  z.strictObject({ kind: z.literal('release'), text: optionalText }),
  z.strictObject({
    kind: z.literal('handOver'),
    to: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('person'), id: personId }),
      z.strictObject({ kind: z.literal('department'), id: z.string().min(1).max(200) }),
    ]),
    text: optionalText,
  }),
  z.strictObject({ kind: z.literal('accept') }),
  z.strictObject({ kind: z.literal('refuse'), text: optionalText }),
  z.strictObject({
    kind: z.literal('wait'),
    waitingFor: z.string().trim().min(1).max(200),
    until: z.int().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('promise'), until: z.int(), text: optionalText }),
  z.strictObject({ kind: z.literal('resume') }),
  z.strictObject({ kind: z.literal('submit'), text: optionalText }),
  z.strictObject({ kind: z.literal('verify'), text: optionalText }),
  z.strictObject({ kind: z.literal('sendBack'), text }),
  z.strictObject({ kind: z.literal('reopen'), text: optionalText }),
  z.strictObject({ kind: z.literal('comment'), text }),
]) satisfies z.ZodType<TaskMove>
export type TaskMoveRequest = z.infer<typeof taskMove>

/** The body of `POST /api/v1/tasks/{id}/moves`. */
export const taskMoveRequest = z.strictObject({
  /** The revision of the task that the user has seen; any other current revision is a conflict. */
  revision: z.int(),
  do: taskMove,
})

/** The body of `POST /api/v1/tasks`. */
export const taskRequest = z
  .strictObject({
    /** Idempotency key chosen by the client: a retry creates no second task. */
    id: z
      .string()
      .refine((id) => /^[\w-]{16,64}$/.test(id), failing('wrong_form', 'must be 16 to 64 letters, digits, _ or -')),
    /** Left out: the title of the alert. */
    title: visibleName(200).exactOptional(),
    /** The order that the task is about, which determines the stage and the department. */
    order: z.string().min(1).max(eventLimits.order).exactOptional(),
    /** The alert that the task is about, which determines the order. */
    alert: z.int().exactOptional(),
    /** Left out: the department of the order. */
    department: z.string().min(1).max(200).exactOptional(),
    skill: z.string().min(1).max(40).exactOptional(),
  })
  .refine(({ title, alert }) => title !== undefined || alert !== undefined, {
    ...failing('missing', 'a task without an alert needs a title'),
    path: ['title'],
  })
  .refine(({ order, alert }) => order === undefined || alert === undefined, {
    ...failing('wrong', 'is told by the alert'),
    path: ['order'],
  })
export type TaskRequest = z.infer<typeof taskRequest>

const named = z.object({
  id: z.string(),
  /** Undefined at sites that do not show names. */
  name: z.string().optional(),
})

/** State of the order that a task is about. Left out of a task if the caller may not see the order. */
const taskOrder = z.object({
  customer: z.string().optional(),
  /** `gone`: the order is no longer in any stage. */
  status: z.enum([...stageStates, 'gone']),
  /** Working ms past the limit of its stage, to the minute; negative while time is left. Left out: no limit. */
  overMs: z.int().optional(),
})

/** A task on the board. Instants are epoch ms. */
export const taskView = z.object({
  id: z.int(),
  revision: z.int(),
  title: z.string(),
  /** The title by language, if it is the name of a ready-made rule. Undefined: somebody typed it. */
  titles: localText.optional(),
  state: z.enum(taskStates),
  stateSince: z.int(),
  createdAt: z.int(),
  order: z.string().optional(),
  stage: z.string().optional(),
  stageName: localText.optional(),
  about: taskOrder.optional(),
  alert: z.int().optional(),
  alertEndedAt: z.int().optional(),
  /** Key of its department, or the text that events use for it. */
  department: z.string().optional(),
  skill: z.string().optional(),
  /** The person who has the task or, while it is unclaimed, is asked to take it. */
  assignee: named.optional(),
  /** Why the rule chose this person, or nobody. */
  assignReason: z.enum(assignReasons).optional(),
  /** When the lead will be asked instead. */
  escalatesAt: z.int().optional(),
  handOver: z
    .object({
      toPerson: named.optional(),
      toDepartment: z.string().optional(),
      at: z.int(),
      /** Whether the caller may accept the hand-over. */
      isForYou: z.boolean(),
    })
    .optional(),
  waitingFor: z.string().optional(),
  nextUpdateAt: z.int().optional(),
  /** Whether the caller did the work, so that somebody else has to verify it. */
  isOwnWork: z.boolean().optional(),
  closedAt: z.int().optional(),
  sentBackCount: z.int(),
  /** Whether the caller may decide about the task; claiming and verifying do not require it. */
  mayDecide: z.boolean(),
})
export type TaskView = z.infer<typeof taskView>

const taskSegments = ['mine', 'departments', 'all'] as const

export const tasksQuery = z.strictObject({
  site: z.string().optional(),
  /** `mine`: tasks that the caller has, is asked to take or is offered; `departments`: tasks of their departments. */
  segment: z.enum(taskSegments).default('all'),
  stage: z.string().max(eventLimits.stage).optional(),
  /** Id of the assignee. Empty: nobody. */
  person: z.string().max(100).optional(),
  order: z.string().max(eventLimits.order).optional(),
  /** Part of the title, the order, or the customer. */
  q: z.string().max(100).optional(),
  sort: z.enum(['overdue', 'oldest']).default('overdue'),
})
export type TasksQuery = z.infer<typeof tasksQuery>

/** A column of the board; `count` counts all its tasks, `ids` may contain only the first ones. */
const taskColumn = z.object({ count: z.int(), ids: z.array(z.int()).max(maxCards) })

/** The answer of `GET /api/v1/tasks`. */
export const taskBoard = z.object({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  /** `closed`: tasks closed today in the time zone of the site. */
  columns: z.record(z.enum(taskStates), taskColumn),
  /** By id. */
  tasks: z.record(z.string(), taskView),
  /** Open tasks that the caller has, is asked to take or is offered, regardless of the filters. */
  mineCount: z.int(),
  rules: taskRules,
  today: z.object({
    /** Left out: nobody has confirmed a task today. */
    medianConfirmMs: z.int().optional(),
    closedCount: z.int(),
    sentBackCount: z.int(),
  }),
  /** Filter choices: all stages of open tasks. */
  stages: z.array(z.object({ code: z.string(), name: localText.optional() })),
  people: z.array(named),
  asOf: z.int(),
  position: z.string(),
})
export type TaskBoard = z.infer<typeof taskBoard>

/** The answer of `GET /api/v1/tasks/{id}`. */
export const taskDetail = taskView.extend({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  createdBy: z.string().optional(),
  history: z
    .array(
      z.object({
        at: z.int(),
        kind: z.enum(taskEntryKinds),
        by: z.string().optional(),
        from: z.enum(taskStates).optional(),
        to: z.enum(taskStates).optional(),
        target: z.string().optional(),
        text: z.string().optional(),
        until: z.int().optional(),
        tookMs: z.int().optional(),
      }),
    )
    .max(500),
})
export type TaskDetail = z.infer<typeof taskDetail>

/** The answer of `POST /api/v1/tasks` and of a move. */
export const taskDone = z.object({ id: z.int(), revision: z.int() })

/** The answer of `GET /api/v1/tasks/{id}/targets`: people and departments that the task can be given to, by name. */
export const taskTargets = z.object({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  /** Empty at sites that do not show names. */
  people: z.array(z.object({ id: z.string(), name: z.string(), isPresent: z.boolean(), openCount: z.int() })).max(500),
  departments: z.array(z.object({ key: z.string(), name: localText })).max(1_000),
})
export type TaskTargets = z.infer<typeof taskTargets>
