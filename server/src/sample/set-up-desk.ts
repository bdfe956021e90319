import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { tasks } from '@stagewatch/db/tasks-schema.ts'
import { departmentOf } from '@stagewatch/shared/domain/access/department-scope.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { AlertView } from '@stagewatch/shared/contract/alerts.ts'
import { eq } from 'drizzle-orm'
import { serverActor } from '../access/actor.ts'
import { acknowledgeAlert } from '../alerts/act-on-alert.ts'
import { AlertRules } from '../alerts/alert-rules.ts'
import { AlertWatch } from '../alerts/alert-watch.ts'
import { listAlerts } from '../alerts/list-alerts.ts'
import { loadAlertRules } from '../alerts/alert-rules-table.ts'
import { changeSettings } from '../handover/change-handovers.ts'
import { loadSetting, saveSetting } from '../identity/settings-table.ts'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { anyVersion } from '../platform/edit-version.ts'
import { sampleSite } from '../platform/site.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { createTask, tasksOfAlerts } from '../tasks/create-task.ts'
import { enterAbsence } from '../team/change-team.ts'
import { shiftCalendars, threeShifts } from './plant-calendars.ts'
import { concessionProcess, concessionSource } from './plant-concessions.ts'
import { plantRules } from './plant-rules.ts'
import { departments } from './plant-staff.ts'
import { dayMs, hourMs, minuteMs } from './plant-time.ts'
import { grantSkills } from './plant-skills.ts'
import { hasTeam, joinTeam, loadStaff, loadVisitors } from './plant-team.ts'
import type { PlantMember } from './plant-team.ts'
import { move, requestConcessions, waitFor } from './staff-work.ts'
import type { StaffOptions } from './staff-work.ts'

interface DeskOptions extends StaffOptions {
  readonly sites: SiteRegistry
}

const author = { kind: 'operator', name: serverActor.name, site: sampleSite } as const
/** Number of alerts that the staff has acknowledged. */
const acknowledgedCount = 4

/**
 * The steps by which the sample is given what a visitor finds on the pages of the desk, in this order; further releases
 * add steps at the end. A step that was interrupted is done again.
 */
const setUpSteps: readonly ((options: DeskOptions) => Promise<void>)[] = [
  hireStaff,
  switchOnHandovers,
  excuseSomebody,
  beginConcessions,
  plantAlerts,
  trainStaff,
]
/** Samples of releases that did not note their steps have a desk that was set up by the steps before this one. */
const firstNotedStep = setUpSteps.indexOf(trainStaff)

/**
 * Gives the sample the people, rules, alerts, tasks, approvals and handovers with which a visitor finds every page of
 * the desk in use. All of it is made by the functions of the product, once: what visitors change afterwards stays.
 */
export async function setUpDesk(options: DeskOptions): Promise<void> {
  const { database } = options
  const noted = await loadSetting(database, 'sample_desk')
  const doneCount = noted === undefined ? ((await hasTeam(database)) ? firstNotedStep : 0) : Number(noted)
  for (const [place, step] of setUpSteps.entries()) {
    if (place < doneCount) continue
    // From the first step on, so that a sample without a note is one of an earlier release.
    await saveSetting(database, 'sample_desk', String(place))
    await step(options)
    await saveSetting(database, 'sample_desk', String(place + 1))
  }
}

async function hireStaff({ database, pipeline }: DeskOptions): Promise<void> {
  for (const calendar of [threeShifts, ...Object.values(shiftCalendars)])
    await pipeline.saveCalendar(calendar, serverActor)
  if (!(await hasTeam(database))) await database.transaction(joinTeam)
}

const staffOf = ({ database, clock }: DeskOptions): Promise<PlantMember[]> => loadStaff(database, clock.now())

async function beginConcessions(options: DeskOptions): Promise<void> {
  const { database, pipeline } = options
  await pipeline.saveProcess(concessionProcess(await loadVisitors(database)))
  await pipeline.sources.register({
    source: concessionSource,
    name: { zh: '质量系统', en: 'Quality system' },
    stages: [],
  })
  await requestConcessions(options, await staffOf(options))
}

/** The rules, and what the staff has done about their first alerts. */
async function plantAlerts(options: DeskOptions): Promise<void> {
  const { database, clock } = options
  const rules = new AlertRules(database, clock)
  const known = new Set((await loadAlertRules(database, sampleSite)).map(({ name }) => name))
  for (const rule of plantRules) if (!known.has(rule.name)) await rules.create(rule, author)
  // The alerts that hold already are recorded at once: as always, nobody is notified of them.
  await new AlertWatch({ ...options, reaction: tasksOfAlerts }).catchUp()
  await actOnAlerts(options, await staffOf(options))
}

async function trainStaff(options: DeskOptions): Promise<void> {
  await grantSkills(options.database, await staffOf(options), options.clock.now())
}

/**
 * All departments work in three shifts, and have handed them over since the one that has just ended, so that handovers
 * wait for the leads of the current shift.
 */
async function switchOnHandovers(options: DeskOptions): Promise<void> {
  const { database, pipeline, clock } = options
  const staff = await staffOf(options)
  const since = clock.now() - 8 * hourMs
  const led = pipeline.departments.now.flatMap((department) => {
    const leads = staff.filter((one) => one.department === department.key && one.caller.role === 'lead')
    const [lead] = leads
    return lead === undefined ? [] : [{ department, lead, ids: leads.map(({ caller }) => caller.id) }]
  })
  for (const { department, lead } of led) {
    const { key, name, aliases, archived } = department
    const settings = { name, aliases: [...aliases], archived, lead: lead.caller.id, calendar: threeShifts.code }
    await pipeline.departments.save(key, settings, serverActor, anyVersion)
  }
  await pipeline.readRules()
  for (const { department, lead, ids } of led) {
    const settings = { enabled: true, leads: ids, confirmWithinMinutes: 60 }
    await changeSettings({ database, pipeline, caller: lead.caller, now: since }, department.key, settings, anyVersion)
  }
}

/** A buyer is on leave, and a colleague stands in. */
async function excuseSomebody(options: DeskOptions): Promise<void> {
  const { database, pipeline, clock } = options
  const [deputy, absent] = (await staffOf(options)).filter(
    ({ department }) => department === departments.purchasing.name,
  )
  if (absent === undefined || deputy === undefined) return
  const now = clock.now()
  const day = (after: number) => new Date(now + after * dayMs).toISOString().slice(0, 10)
  const request = { from: day(0), to: day(4), kind: 'leave', deputy: deputy.caller.id } as const
  const context = { database, departments: pipeline.departments.now, privacy: pipeline.privacy.now, now }
  await enterAbsence(absent.caller, absent.caller.id, { request, expected: anyVersion }, context)
}

/** The staff makes tasks of some of the alerts, one for each column of the board and a few more, and acknowledges others. */
async function actOnAlerts(options: DeskOptions, staff: readonly PlantMember[]): Promise<void> {
  const { database, pipeline, clock } = options
  // It was interrupted: what has been done is enough, and done twice it would be odd.
  const [begun] = await drizzleOn(database)
    .select({ id: tasks.id })
    .from(tasks)
    .where(eq(tasks.site, sampleSite))
    .limit(1)
  if (begun !== undefined) return
  const audience = { departments: undefined, privacy: openPrivacy }
  const reading = { database, site: sampleSite, engine: pipeline.engine, audience }
  const { alerts } = await listAlerts(reading, { state: 'open', limit: 200 }, clock.now())
  const found = alerts.flatMap((alert) => {
    const [doer, other] = teamOf(options, alert, staff)
    return doer === undefined || other === undefined ? [] : [{ alert, doer, other }]
  })
  const stories = taskStories.slice(0, found.length)
  for (const [place, tell] of stories.entries()) {
    const one = found[place]
    if (one !== undefined) await tell(options, one)
  }
  for (const { alert, other } of found.slice(stories.length, stories.length + acknowledgedCount)) {
    const { engine } = pipeline
    const acting = { database, site: sampleSite, engine, caller: other.caller, personName: other.name }
    await acknowledgeAlert(acting, alert.id, clock.now())
  }
}

/** People of the department that has the order of the alert. */
function teamOf({ pipeline: { engine } }: DeskOptions, alert: AlertView, staff: readonly PlantMember[]): PlantMember[] {
  const known = alert.order === undefined ? undefined : engine.order(alert.order)
  const visit = engine.open.get(known?.openSlot)?.visit
  const department = known && departmentOf(known.head.attributes, visit)
  return staff.filter((member) => member.department === department)
}

interface Story {
  readonly alert: AlertView
  readonly doer: PlantMember
  readonly other: PlantMember
}

type Tell = (options: DeskOptions, story: Story) => Promise<void>

/** What happens to tasks, so that each column of the board has some. */
const taskStories: readonly Tell[] = [
  (options, story) => tellTask(options, story, 40 * minuteMs, []),
  (options, story) => tellTask(options, story, 20 * minuteMs, []),
  (options, story) => tellTask(options, story, 3 * hourMs, ['claim']),
  (options, story) => tellTask(options, story, 2 * hourMs, ['claim']),
  (options, story) => tellTask(options, story, 5 * hourMs, ['claim', 'wait']),
  (options, story) => tellTask(options, story, 4 * hourMs, ['claim', 'submit']),
  (options, story) => tellTask(options, story, 3 * hourMs, ['claim', 'submit', 'verify']),
]

/**
 * A task that was made of the alert some time ago, or when the alert began, and what has been done about it since.
 * @param agoMs how long ago.
 */
async function tellTask(
  options: DeskOptions,
  { alert, doer, other }: Story,
  agoMs: number,
  steps: readonly ('claim' | 'wait' | 'submit' | 'verify')[],
): Promise<void> {
  const now = options.clock.now()
  const from = Math.max(alert.beganAt, now - agoMs)
  const clockAt = (step: number) => new VirtualClock(from + ((now - from) * step) / (steps.length + 1))
  const context = { ...options, clock: clockAt(0), personName: other.name }
  const { id, ...created } = await createTask(other.caller, { id: crypto.randomUUID(), alert: alert.id }, context)
  let { revision } = created
  for (const [place, kind] of steps.entries()) {
    const what = kind === 'wait' ? waitFor(id, now) : { kind }
    const by = kind === 'verify' ? other : doer
    if (!(await move({ ...options, clock: clockAt(place + 1) }, by, { id, revision }, what))) return
    revision += 1
  }
}
