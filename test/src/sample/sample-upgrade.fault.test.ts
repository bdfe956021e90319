import { rm } from 'node:fs/promises'
import { createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { alertRuleList } from '@stagewatch/shared/contract/alert-rules.ts'
import { approvalList } from '@stagewatch/shared/contract/approvals.ts'
import { handoverList } from '@stagewatch/shared/contract/handover.ts'
import { taskBoard } from '@stagewatch/shared/contract/tasks.ts'
import { skillList, teamList } from '@stagewatch/shared/contract/team.ts'
import { expect, it } from 'vitest'
import { eventuallyWithin } from '../harness/eventually.ts'
import { findPreviousVersion, unpackVersion } from '../harness/previous-version.ts'
import { skipUnless } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { newVisitor } from '../identity/visitor.ts'
import type { Visitor } from '../identity/visitor.ts'

const previous = await findPreviousVersion()
const main = 'server/src/main.ts'
const plantedWithinMs = 120_000

/** A server with the sample, entered by a manager. */
async function openSample(dataDirectory: string, folder?: string) {
  const server = await spawnServer({
    dataDirectory,
    env: { DEMO: 'on' },
    ...(folder !== undefined && { installed: { program: main, folder } }),
  })
  const manager = newVisitor(server.url)
  await manager.call('/api/v1/sample/enter', { body: { role: 'manager' } })
  return { server, manager }
}

async function found(manager: Visitor) {
  const get = async (path: string) => (await manager.call(path)).body
  const { rules } = alertRuleList.parse(await get('/api/v1/alert-rules'))
  const { people } = teamList.parse(await get('/api/v1/team'))
  const { skills } = skillList.parse(await get('/api/v1/skills'))
  const { handovers } = handoverList.parse(await get('/api/v1/handovers'))
  const board = taskBoard.parse(await get('/api/v1/tasks'))
  return {
    ruleIds: rules.map(({ id }) => id).toSorted(),
    // Those in whose roles visitors enter have no departments.
    staff: people.filter(({ departments }) => departments !== undefined),
    skills,
    handoverCount: handovers.length,
    taskIds: Object.keys(board.tasks),
    waitingCount: approvalList.parse(await get('/api/v1/approvals')).waitingCount,
  }
}

it(
  'a sample that an earlier release has planted is completed, and keeps what visitors have changed',
  { ...skipUnless(previous !== undefined, 'the upgrade of the sample (there is no Git history)'), timeout: 400_000 },
  async () => {
    const dataDirectory = await createTestDataDirectory()
    const folder = await unpackVersion(previous!)
    let server: SpawnedServer | undefined
    try {
      const old = await openSample(dataDirectory, folder)
      server = old.server
      await eventuallyWithin(plantedWithinMs, async () => {
        expect((await found(old.manager)).waitingCount).toBeGreaterThan(0)
        expect((await found(old.manager)).ruleIds).toHaveLength(4)
        expect((await found(old.manager)).taskIds.length).toBeGreaterThan(4)
      })
      const planted = await found(old.manager)
      const [deleted, ...kept] = planted.ruleIds
      await old.manager.call(`/api/v1/alert-rules/${deleted}`, { method: 'DELETE' })
      await server.kill('SIGTERM')

      const upgraded = await openSample(dataDirectory)
      server = upgraded.server
      await eventuallyWithin(plantedWithinMs, async () => {
        const { staff, skills } = await found(upgraded.manager)
        expect(skills.length).toBeGreaterThan(10)
        expect(staff.filter(({ skills: own }) => own.length === 0)).toEqual([])
      })
      const now = await found(upgraded.manager)
      expect(now.ruleIds).toEqual(kept)
      expect(now.staff.map(({ id }) => id)).toEqual(planted.staff.map(({ id }) => id))
      expect(now.taskIds).toEqual(expect.arrayContaining(planted.taskIds))
      expect(now.waitingCount).toBe(planted.waitingCount)
      await server.kill('SIGTERM')

      // What this release has added is not added again once visitors have taken it away.
      const again = await openSample(dataDirectory)
      server = again.server
      const { version } = skillList.parse((await again.manager.call('/api/v1/skills')).body)
      const administrator = newVisitor(server.url)
      await administrator.call('/api/v1/sample/enter', { body: { role: 'administrator' } })
      const cleared = await administrator.call('/api/v1/skills', {
        method: 'PUT',
        body: [],
        headers: { 'if-match': version },
      })
      expect(cleared.status).toBe(200)
      await server.kill('SIGTERM')
      const last = await openSample(dataDirectory)
      server = last.server
      const { people } = teamList.parse((await last.manager.call('/api/v1/team')).body)
      expect(people.length).toBeGreaterThan(40)
      expect((await found(last.manager)).skills).toEqual([])
    } finally {
      await server?.close()
      await Promise.all([dataDirectory, folder].map((each) => rm(each, { recursive: true, force: true })))
    }
  },
)
