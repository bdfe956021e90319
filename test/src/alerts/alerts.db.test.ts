import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import { AlertWorld, beginAt, entered, event, hourMs, minuteMs, setTarget } from './alert-world.ts'

let world: AlertWorld

beforeAll(async () => (world = new AlertWorld(await openTestDatabase())))
beforeEach(() => world.begin())
afterEach(() => world.end())
afterAll(() => world.database.close())

describe('an alert', () => {
  it('is sent once when it is due, escalates when nobody acts, and ends when the order moves on', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    await world.createRule()
    await submitEvents(site, [entered('SO-1', 0)])
    await world.letPass(55)
    expect(world.told).toEqual([])
    await world.letPass(35)
    expect(world.told).toEqual(['channel:floor group SO-1 @60', 'channel:lead group SO-1 @90'])
    await submitEvents(site, [entered('SO-1', 90, 'packing')])
    await world.letPass(120)
    expect(world.told).toHaveLength(2)
    expect(await world.alertRows()).toEqual([{ order: 'SO-1', minute: 60, ended: 95, silent: false }])
  })

  it('is sent by one of two instances, even if the one that recorded it is gone', async () => {
    const [a] = [await world.startInstance('a'), await world.startInstance('b')]
    await setTarget(a.site, hourMs)
    await world.createRule()
    await submitEvents(a.site, [entered('SO-1', 0)])
    await world.instances[1]?.site.follow(['SO-1'], 0n)
    await world.letPass(60)
    expect(world.told).toEqual(['channel:floor group SO-1 @60'])
    await a.sites.close()
    world.instances.shift()
    await world.instances[0]?.watch.reconcileAll()
    await world.letPass(60)
    expect(world.told).toEqual(['channel:floor group SO-1 @60', 'channel:lead group SO-1 @90'])
  })

  it('is sent in one message after a start for everything that happened while no server was running', async () => {
    const first = await world.startInstance('a')
    await setTarget(first.site, hourMs)
    await world.createRule()
    await submitEvents(first.site, [entered('SO-1', 0), entered('SO-2', 20), entered('SO-3', 40)])
    await first.sites.close()
    world.instances.length = 0
    world.clock.advanceTo(beginAt + 4 * hourMs)
    await world.startInstance('b')
    await world.letPass(5)
    expect(world.told.slice(0, 1)).toEqual(['channel:floor group SO-1 SO-2 SO-3 @245'])
  })

  it('stops when it is acknowledged, and is sent again when nothing happens for too long', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    await world.createRule()
    await submitEvents(site, [entered('SO-1', 0), entered('SO-2', 0)])
    await world.letPass(70)
    await submitEvents(site, [
      event('SO-1', 'order.acknowledged', 70, { actor: 'Li' }),
      event('SO-2', 'order.acknowledged', 70, { actor: 'Li' }),
    ])
    await world.letPass(60)
    await submitEvents(site, [event('SO-2', 'note.added', 130)])
    expect(world.told).toEqual(['channel:floor group SO-1 SO-2 @60'])
    await world.letPass(60)
    expect(world.told.slice(1)).toEqual(['channel:floor group SO-1 @190'])
    await world.letPass(60)
    expect(world.told.slice(2)).toEqual(['channel:lead group SO-1 @220', 'channel:floor group SO-2 @250'])
  })

  it('waits for the end of quiet hours unless it is critical', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    world.quietUntil = beginAt + 100 * minuteMs
    await world.createRule({ scope: { when: { customerClass: ['B'] } } })
    await world.createRule({ severity: 'critical', scope: { when: { customerClass: ['A'] } } })
    await submitEvents(site, [
      entered('SO-1', 0, 'picking', { customerClass: 'A' }),
      entered('SO-2', 0, 'picking', { customerClass: 'B' }),
    ])
    await world.letPass(80)
    expect(world.told).toEqual(['channel:floor group SO-1 @60'])
    await world.letPass(20)
    expect(world.told).toContain('channel:floor group SO-2 @100')
  })

  it('is not sent for imported events, or for conditions that existed before its rule', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    await submitEvents(site, [entered('SO-1', 0)])
    await world.letPass(90)
    await world.createRule()
    await site.submit({
      sender: 'import',
      imported: true,
      items: [{ index: 0, ok: true, event: entered('SO-2', 10), raw: {} }],
    })
    await world.letPass(60)
    expect(world.told).toEqual([])
    expect((await world.alertRows()).map(({ order, silent }) => [order, silent])).toEqual([
      ['SO-1', true],
      ['SO-2', true],
    ])
  })

  it('stays open without another message when an instance that lagged behind catches up', async () => {
    const { site } = await world.startInstance('a')
    await setTarget(site, hourMs)
    await world.createRule({ ladder: [{ afterMs: 0, to: [{ kind: 'channel', id: 'floor' }] }] })
    await submitEvents(site, [entered('SO-1', 0)])
    await world.letPass(60)
    await setTarget(site, 3 * hourMs)
    await world.letPass(5)
    expect((await world.alertRows())[0]?.ended).not.toBeNull()
    await setTarget(site, hourMs)
    await world.letPass(5)
    expect((await world.alertRows())[0]?.ended).toBeNull()
    expect(world.told).toEqual(['channel:floor group SO-1 @60'])
  })
})
