import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { AlertRules } from '@stagewatch/server/alerts/alert-rules.ts'
import { AlertWatch } from '@stagewatch/server/alerts/alert-watch.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { addJobs, JobWorker } from '@stagewatch/server/platform/jobs.ts'
import { SiteRegistry } from '@stagewatch/server/sites/site-registry.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { tasksOfAlerts } from '@stagewatch/server/tasks/create-task.ts'
import { actOnTask } from '@stagewatch/server/tasks/move-task.ts'
import { releaseTasksOfLeavers } from '@stagewatch/server/tasks/release-tasks.ts'
import { assignJob } from '@stagewatch/server/tasks/task-jobs.ts'
import { changeTaskRules } from '@stagewatch/server/tasks/task-rules.ts'
import { insertTasks } from '@stagewatch/server/tasks/tasks-table.ts'
import { tasksQueue } from '@stagewatch/server/tasks/team-tasks.ts'
import type { Caller } from '@stagewatch/server/access/caller.ts'
import type { TaskMoveRequest } from '@stagewatch/shared/contract/tasks.ts'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { defaultTaskRules } from '@stagewatch/shared/domain/tasks/assign-tasks.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { beginAt, entered, event, hourMs, minuteMs, setTarget } from '../alerts/alert-world.ts'
import { submitEvents } from '../harness/open-site.ts'

const operator = { kind: 'operator', name: 'operator' } as const
let database: Database
let clock: VirtualClock
let instances: { readonly sites: SiteRegistry; readonly site: SitePipeline; readonly work: () => Promise<void> }[]

beforeAll(async () => (database = await openTestDatabase()))
afterAll(() => database.close())

/** Two server instances on one database, working at the same time. */
beforeEach(async () => {
  clock = new VirtualClock(beginAt)
  instances = []
  for (const origin of ['a', 'b']) {
    const sites = await SiteRegistry.open({
      database,
      clock,
      origin,
      deltas: { delta: () => undefined },
      failed: (error): never => {
        throw error
      },
    })
    const watch = new AlertWatch({ database, clock, sites, reaction: tasksOfAlerts })
    const jobs = new JobWorker(database, clock, tasksQueue({ clock, sites }))
    const work = async () => {
      await watch.catchUp()
      await jobs.runDue()
    }
    instances.push({ sites, site: await sites.get('main'), work })
  }
  for (const [id, role, departments] of [
    ['li', 'operator', ['store']],
    ['wu', 'operator', ['store']],
    ['zhou', 'lead', ['store']],
  ] as const)
    await addPerson(id, role, departments)
})

afterEach(async () => {
  for (const { sites } of instances) await sites.close()
  const ofPeople = ['messages', 'absences', 'memberships', 'users']
  for (const table of ['tasks', 'alert_rules', ...ofPeople, 'jobs', 'visits', 'orders', 'events'])
    await database.query(`delete from ${table}`)
  await database.query('update sites set task_rules = null')
})

async function addPerson(id: string, role: string, departments: readonly string[]): Promise<void> {
  await database.query(`insert into users (id, name, email) values ($1, $2, $3)`, [id, id, `${id}@example.com`])
  await database.query(`insert into memberships (site, user_id, role, departments) values ('main', $1, $2, $3)`, [
    id,
    role,
    departments,
  ])
}

async function letPass(minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed++) {
    clock.advanceTo(clock.now() + minuteMs)
    await Promise.all(instances.map(({ work }) => work()))
  }
}

async function addTasks(...titles: readonly string[]): Promise<number[]> {
  const ids: number[] = []
  for (const title of titles) {
    const task = { title, orderId: '', process: '', stage: '', department: 'store' }
    await database.transaction(async (tx) => {
      ids.push(...(await insertTasks(tx, 'main', [task], clock.now())).map(({ id }) => id))
      await addJobs(tx, [assignJob('main', clock.now())])
    })
    clock.advanceTo(clock.now() + 1)
  }
  return ids
}

const callerOf = (id: string, role: 'operator' | 'lead'): Caller => ({
  kind: 'person',
  id,
  name: `${id}@example.com`,
  role,
  site: 'main',
  actions: actionsOf(role, ['store']),
  departments: ['store'],
  privacy: openPrivacy,
})

async function move(id: number, by: string, what: TaskMoveRequest): Promise<void> {
  const [row] = await database.query<{ revision: number }>('select revision from tasks where id = $1', [id])
  const { site: pipeline } = instances[0]!
  const context = { database, pipeline, clock, personName: by }
  await actOnTask(callerOf(by, by === 'zhou' ? 'lead' : 'operator'), id, { revision: row!.revision, do: what }, context)
}

const setRules = (change: Partial<typeof defaultTaskRules>) =>
  changeTaskRules(
    database,
    'main',
    { ...defaultTaskRules, ...change },
    { actor: operator, expected: '*', changedAt: clock.now() },
  )

const taskRows = () =>
  database.query<{ title: string; state: string; who: string | null; why: string | null }>(
    `select title, state, assignee_id as who, assign_reason as why from tasks order by id`,
  )
const entries = async (kind: string) =>
  (
    await database.query<{ target: string | null }>(`select target from task_entries where kind = $1 order by id`, [
      kind,
    ])
  ).map(({ target }) => target)
const told = () =>
  database.query<{ to: string; title: string }>(
    `select recipient as to, message->>'title' as title from messages where channel_id = 'inbox' order by created_at, recipient, title`,
  )

describe('tasks that nobody has', () => {
  it('go to who has fewest, each once, and the oldest first when there is room', async () => {
    await setRules({ maxPerPerson: 1 })
    await addTasks('one', 'two', 'three', 'four')
    await letPass(2)
    const rows = await taskRows()
    expect(new Set(rows.slice(0, 3).map(({ who }) => who))).toEqual(new Set(['li', 'wu', 'zhou']))
    expect(rows[3]).toMatchObject({ who: null, why: 'everybodyAtCap' })
    expect(await entries('autoAssign')).toHaveLength(3)
    expect(await told()).toHaveLength(3)
    await addTasks('five')
    const [first] = await database.query<{ id: number; who: string }>(
      `select id::int as id, assignee_id as who from tasks where title = 'one'`,
    )
    await move(first!.id, first!.who, { kind: 'claim' })
    await move(first!.id, first!.who, { kind: 'submit' })
    await letPass(1)
    expect((await taskRows()).map(({ title, who }) => [title, who]).slice(3)).toEqual([
      ['four', first!.who],
      ['five', null],
    ])
  })

  it('are assigned although many older ones wait for people of another department', async () => {
    const others = Array.from({ length: 600 }, (_, place) => {
      return { title: `other ${place}`, orderId: '', process: '', stage: '', department: 'paint shop' }
    })
    await database.transaction((tx) => insertTasks(tx, 'main', others, clock.now()))
    clock.advanceTo(clock.now() + 1)
    await addTasks('newest')
    await letPass(3)
    expect((await taskRows()).find(({ title }) => title === 'newest')?.who).not.toBeNull()
  })

  it('are those of people who have left the site, and go to somebody else', async () => {
    const [asked, begun, done] = await addTasks('asked', 'begun', 'done')
    await setRules({ assigns: false })
    for (const [id, who] of [
      [asked, 'li'],
      [begun, 'wu'],
      [done, 'li'],
    ] as const)
      await move(id!, 'zhou', { kind: 'assign', to: who })
    await move(begun!, 'wu', { kind: 'claim' })
    await move(done!, 'li', { kind: 'claim' })
    await move(done!, 'li', { kind: 'submit' })
    const release = () => releaseTasksOfLeavers(database, clock.now())
    await release()
    expect((await taskRows()).map(({ who }) => who)).toEqual(['li', 'wu', 'li'])
    await database.query(`update users set disabled_at = now() where id = 'li'`)
    // Deletes the membership, too.
    await database.query(`delete from users where id = 'wu'`)
    await Promise.all([release(), release()])
    expect((await taskRows()).map(({ state, who }) => [state, who])).toEqual([
      ['unclaimed', null],
      ['unclaimed', null],
      ['toVerify', 'li'],
    ])
    expect(await entries('assigneeLeft')).toHaveLength(2)
    await setRules({})
    await letPass(2)
    expect((await taskRows()).map(({ who }) => who)).toEqual(['zhou', 'zhou', 'li'])
  })

  it('wait for somebody to be there, and say so', async () => {
    await database.query(
      `insert into absences (site, user_id, id, from_date, to_date, to_time, kind)
       select 'main', id, id, '2026-11-23', '2026-11-23', '00:30', 'leave' from users`,
    )
    await addTasks('one')
    await letPass(5)
    expect(await taskRows()).toMatchObject([{ who: null, why: 'nobodyPresent' }])
    await letPass(30)
    expect((await taskRows())[0]?.who).not.toBeNull()
    // At most one job is scheduled for the next minute, no matter how many runs there were.
    expect(await entries('autoAssign')).toHaveLength(1)
  })

  it('are left to people where nothing is assigned by rule, and when somebody has put them back', async () => {
    await setRules({ assigns: false })
    const [id = 0] = await addTasks('one')
    await letPass(2)
    expect((await taskRows())[0]?.who).toBeNull()
    await move(id, 'li', { kind: 'claim' })
    await move(id, 'li', { kind: 'release' })
    await setRules({ assigns: true })
    await letPass(2)
    expect(await taskRows()).toMatchObject([{ who: null, why: 'released' }])
  })
})

describe('a task that nobody confirms', () => {
  it('goes to the lead after the minutes that the site says, once', async () => {
    await setRules({ confirmMinutes: 10 })
    await database.query(`delete from memberships where user_id = 'wu'`)
    await database.query(
      `insert into departments (site, key, name, aliases, lead_id) values ('main', 'store', '{"en": "Store"}', '{}', 'zhou')`,
    )
    for (const { site } of instances) await site.departments.read()
    await database.query(
      `insert into absences (site, user_id, id, from_date, to_date, to_time, kind)
       values ('main', 'zhou', 'z', '2026-11-23', '2026-11-23', '00:05', 'leave')`,
    )
    await addTasks('one')
    await letPass(9)
    expect(await taskRows()).toMatchObject([{ who: 'li', why: 'onlyOne' }])
    await letPass(60)
    expect(await taskRows()).toMatchObject([{ who: 'zhou', why: 'escalated', state: 'unclaimed' }])
    expect(await entries('escalate')).toEqual(['zhou'])
    expect((await told()).map(({ to }) => to)).toEqual(['li', 'zhou'])
    await database.query('delete from departments')
  })

  it('stays with who has confirmed', async () => {
    const [id = 0] = await addTasks('one')
    await letPass(1)
    const who = (await taskRows())[0]?.who ?? ''
    await move(id, who, { kind: 'claim' })
    await letPass(40)
    expect(await taskRows()).toMatchObject([{ who, state: 'inProgress' }])
    expect(await entries('escalate')).toEqual([])
  })
})

describe('whoever has a task is reminded once', () => {
  beforeEach(() => setRules({ assigns: false, waitingHours: 1 }))

  it('of news that they have promised, unless they have promised others since', async () => {
    const [id = 0] = await addTasks('one')
    await move(id, 'li', { kind: 'claim' })
    await move(id, 'li', { kind: 'promise', until: beginAt + 10 * minuteMs })
    await move(id, 'li', { kind: 'promise', until: beginAt + 20 * minuteMs })
    await letPass(15)
    expect(await told()).toEqual([])
    await letPass(45)
    expect(await told()).toMatchObject([{ to: 'li' }])
    expect(await entries('remindUpdate')).toEqual(['li'])
  })

  it('of what waits for others for hours, when their quiet hours are over', async () => {
    const quiet = JSON.stringify({ from: '00:00', to: '02:00', days: [1, 2, 3, 4, 5, 6, 7], criticalBreaks: false })
    await database.query(
      `insert into user_profiles (user_id, language, time_zone, channels, quiet_hours) values ('li', 'en', 'UTC', '[]', $1::jsonb)`,
      [quiet],
    )
    const [id = 0] = await addTasks('one')
    await move(id, 'li', { kind: 'claim' })
    await move(id, 'li', { kind: 'wait', waitingFor: 'supplier' })
    await letPass(110)
    expect(await told()).toEqual([])
    await letPass(60)
    expect(await told()).toEqual([{ to: 'li', title: 'Still waiting: one' }])
  })
})

describe('a message about a task', () => {
  beforeEach(() => setRules({ assigns: false, waitingHours: 1 }))

  /** A task about an order of Acme, whose owner waits for others. */
  async function waitFor(title: string): Promise<void> {
    const { site } = instances[0]!
    await submitEvents(site, [entered('SO-1', 0, 'picking', { department: 'store', customer: 'Acme' })])
    const task = { title, orderId: 'SO-1', process: 'default', stage: 'picking', department: 'store' }
    const [added] = await database.transaction((tx) => insertTasks(tx, 'main', [task], clock.now()))
    await move(added!.id, 'li', { kind: 'claim' })
    await move(added!.id, 'li', { kind: 'wait', waitingFor: 'supplier' })
  }

  it('names no customer in its title where the site masks them', async () => {
    const { site } = instances[0]!
    const open = { customers: 'shown', amounts: 'shown', people: 'shown' } as const
    await site.privacy.save({ ...open, customers: 'masked' }, operator, '*')
    await waitFor('Call Acme')
    await letPass(65)
    expect(await told()).toEqual([{ to: 'li', title: 'Still waiting: Call Ac**' }])
    await site.privacy.save(open, operator, '*')
  })

  it('goes to nobody who may not see the task any more', async () => {
    await waitFor('Call Acme')
    await database.query(`update memberships set departments = '{fleet}' where user_id = 'li'`)
    await letPass(65)
    expect(await told()).toEqual([])
  })
})

describe('an alert whose rule asks for a task', () => {
  it('has one, whichever instances see it, which is told when the alert has ended', async () => {
    for (const { site } of instances) await setTarget(site, hourMs)
    for (const { site } of instances) await site.readRules()
    await setRules({ assigns: false })
    const rule = {
      name: 'Overdue',
      severity: 'warning' as const,
      enabled: true,
      makesTask: true,
      condition: { kind: 'target' as const, ratio: 1 },
      scope: {},
      ladder: [{ afterMs: 0, to: [{ kind: 'owner' as const }] }],
      acknowledgedForMs: hourMs,
      mergeMs: 0,
    }
    await new AlertRules(database, clock).create(rule, { ...operator, site: 'main' })
    const [first] = instances
    await submitEvents(first!.site, [entered('SO-1', 1, 'picking', { department: 'store' })])
    await letPass(75)
    const rows = await database.query(
      `select title, order_id as "order", stage, department, state, alert_ended_at is not null as ended from tasks`,
    )
    expect(rows).toEqual([
      { title: 'Overdue', order: 'SO-1', stage: 'picking', department: 'store', state: 'unclaimed', ended: false },
    ])
    await submitEvents(first!.site, [event('SO-1', 'order.completed', 76)])
    await letPass(2)
    expect(await database.query(`select state, alert_ended_at is not null as ended from tasks`)).toEqual([
      { state: 'unclaimed', ended: true },
    ])
    expect(await entries('alertEnded')).toHaveLength(1)
  })
})
