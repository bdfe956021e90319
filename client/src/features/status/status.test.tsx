import type { ServerStatus, StatusCheck } from '@stagewatch/shared/contract/server-status.ts'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { cleanup, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { Checks } from './checks.tsx'
import { Facts } from './facts.tsx'
import { QueueTable, TaskTable } from './work-tables.tsx'

afterEach(cleanup)

const now = Date.UTC(2026, 10, 27, 12)
const minuteMs = 60_000

function statusOf(checks: readonly StatusCheck[], more: Partial<ServerStatus> = {}): ServerStatus {
  return {
    asOf: now,
    checkedAt: now,
    checks: [...checks],
    server: {
      version: '1.2.3',
      uptimeMs: 90 * minuteMs,
      load: { level: 0, lagMs: 1, acceptMs: 3, waiting: 0, memoryRatio: 0.2 },
    },
    instances: [{ version: '1.2.3', startedAt: now - 90 * minuteMs, isAnswering: true }],
    database: { kind: 'postgresql', version: '18.1', bytes: 1024 ** 3 },
    log: { waitingEvents: 0, heldMs: 0 },
    screens: { paired: 2, online: 1 },
    backup: {},
    queues: [],
    tasks: [],
    ...more,
  }
}

/** Within a router, because problems link to pages. */
async function renderChecks(status: ServerStatus): Promise<void> {
  const root = createRootRoute()
  const page = createRoute({ getParentRoute: () => root, path: '/', component: () => <Checks status={status} /> })
  const router = createRouter({ routeTree: root.addChildren([page]), history: createMemoryHistory() })
  await router.load()
  await renderDesk(<RouterProvider router={router as never} />)
}

const factOf = (name: string) => screen.getByText(name).parentElement?.textContent?.slice(name.length)

describe('the checks of the status page', () => {
  it('say that all is well', async () => {
    await renderChecks(statusOf([{ finding: 'disk_enough', ok: true, bytes: 5 * 1024 ** 3 }]))
    expect((await screen.findByRole('status')).textContent).toBe('Everything is in order')
    expect(screen.getByText('The disk of the database has 5 GB free.')).toBeDefined()
    expect(screen.queryByRole('img', { name: 'Problem' })).toBeNull()
  })

  it('name a problem, what to do about it, and the page for it', async () => {
    await renderChecks(
      statusOf([
        { finding: 'sources_late', ok: false, count: 3, names: ['erp', 'wms'] },
        { finding: 'transaction_open', ok: false, ms: 42_000 },
        { finding: 'clock_right', ok: true },
      ]),
    )
    expect((await screen.findByRole('status')).textContent).toBe('2 checks found a problem')
    const [late, open, clock] = screen.getAllByRole('listitem')
    expect(late?.textContent).toContain('Silent for too long: erp, wms, …')
    expect(late?.textContent).toContain('Check whether the sending system')
    const link = within(late!).getByRole('link', { name: 'Open Data sources' })
    expect(link.getAttribute('href')).toBe('/sources')
    expect(open?.textContent).toContain('open for 42 sec')
    expect(within(clock!).queryByRole('img', { name: 'Problem' })).toBeNull()
  })
})

describe('the facts of the status page', () => {
  it('say what is known of a database on another machine', async () => {
    await renderDesk(<Facts status={statusOf([])} />)
    expect(factOf('Kind')).toBe('PostgreSQL 18.1')
    expect(factOf('Free on its disk')).toBe('Unknown: on another machine')
    expect(screen.queryByText('Disk full in')).toBeNull()
    expect(factOf('Running for')).toBe('1h 30m')
    expect(factOf('Connected screens')).toBe('1 of 2')
    expect(factOf('Load')).toBe('Normal')
    expect(factOf('Made daily at')).toBe('Not scheduled')
    expect(factOf('Figures')).toBe('Current')
  })

  it('say what an overloaded server has given up', async () => {
    const load = { level: 2, lastShed: 'history', lagMs: 340, acceptMs: 3, waiting: 12, memoryRatio: 0.4 } as const
    await renderDesk(<Facts status={statusOf([], { server: { version: '1.2.3', uptimeMs: 1, load } })} />)
    expect(factOf('Load')).toBe('Reduced, level 2 of 8: analysis is refused, too')
  })

  it('say when the disk will be full, and that figures are old', async () => {
    const database = { kind: 'embedded', version: '18.1', bytes: 1, freeBytes: 1024 ** 2, fullInDays: 1 } as const
    const log = { waitingEvents: 7, heldMs: 3_000, dataAsOf: now - minuteMs }
    await renderDesk(<Facts status={statusOf([], { database, log })} />)
    expect(factOf('Disk full in')).toBe('1 day, at the rate of the last four weeks')
    expect(factOf('Events held back')).toBe('For 3 sec')
    expect(factOf('Figures')).toMatch(/^From .*: the database does not answer$/)
  })
})

describe('the work behind the status page', () => {
  it('is told by queue, also if a newer server has others', async () => {
    await renderDesk(
      <QueueTable
        queues={[
          { queue: 'messages', waiting: 12, overdueMs: 17 * minuteMs, dead: 3 },
          { queue: 'of-the-future', waiting: 1, dead: 0 },
        ]}
      />,
    )
    const cells = screen.getAllByRole('cell').map(({ textContent }) => textContent)
    expect(cells).toEqual(['Sending messages', '12', '17m', '3', 'of-the-future', '1', '—', '0'])
  })

  it('has tasks that fail, and tasks that have not run here', async () => {
    await renderDesk(
      <TaskTable
        asOf={now}
        tasks={[
          {
            name: 'heartbeat',
            instances: 'all',
            lastRunAt: now,
            lastDurationMs: 4_200,
            failureCount: 2,
            isFailing: true,
          },
          { name: 'write-backup', instances: 'one', failureCount: 0, isFailing: false },
        ]}
      />,
    )
    const cells = screen.getAllByRole('cell').map(({ textContent }) => textContent)
    expect(cells).toEqual([
      'heartbeatLast run failed',
      'just now',
      '4.2 sec',
      '2',
      'write-backup',
      'Not here yet',
      '—',
      '0',
    ])
  })
})
