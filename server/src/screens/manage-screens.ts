import { toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { Screen, screenChange } from '@stagewatch/shared/contract/screen.ts'
import type { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../app-error.ts'
import { recordChange } from '../catalog/changes-table.ts'
import type { ScreenContext } from './screen-context.ts'
import { announceScreens } from './screen-news.ts'
import { grantedSettings, mayManageScreen } from './screen-rights.ts'
import { loadScreens, lockScreen } from './screens-table.ts'
import type { StoredScreen } from './screens-table.ts'

/** The screens of the site that somebody may see. */
export async function listScreens(context: ScreenContext, caller: Caller): Promise<Screen[]> {
  const stored = await loadScreens(context.database, caller.site)
  return stored.filter(({ settings }) => mayManageScreen(caller, settings)).map((screen) => shown(context, screen))
}

/** @throws AppError `not_found`, or `forbidden` when they give it departments that are not theirs. */
export function changeScreen(
  context: ScreenContext,
  caller: Caller,
  id: string,
  { name, settings: asked }: z.infer<typeof screenChange>,
): Promise<Screen> {
  return withScreen(context, caller, id, async (tx, screen) => {
    const settings = grantedSettings(caller, asked)
    await tx.query(
      `update screens set name = $3, settings = $4::text::jsonb, version = version + 1 where site = $1 and id = $2`,
      [screen.site, id, name, JSON.stringify(settings)],
    )
    await recordChange(tx, screen.site, {
      changedAt: context.clock.now(),
      actor: caller.name,
      action: 'screen.changed',
      subject: id,
      before: { name: screen.name, settings: screen.settings },
      after: { name, settings },
    })
    return shown(context, { ...screen, name, settings })
  })
}

/** Has it show its name large, or load itself again, wherever it is connected. @throws AppError `not_found`. */
export function commandScreen(
  context: ScreenContext,
  caller: Caller,
  id: string,
  command: 'identify' | 'reload',
): Promise<void> {
  return withScreen(context, caller, id, async (tx, { site }) => {
    const count = `${command}_count`
    await tx.query(`update screens set ${count} = ${count} + 1 where site = $1 and id = $2`, [site, id])
  })
}

/** From now on it is no screen any more, and is told so within a second. @throws AppError `not_found`. */
export function revokeScreen(context: ScreenContext, caller: Caller, id: string): Promise<void> {
  return withScreen(context, caller, id, async (tx, { site, name, settings }) => {
    const now = context.clock.now()
    await tx.query(
      `update screens set revoked_at = ${toInstant('$3::float8')}, token_hash = null, next_token_hash = null,
         version = version + 1 where site = $1 and id = $2`,
      [site, id, now],
    )
    await recordChange(tx, site, {
      changedAt: now,
      actor: caller.name,
      action: 'screen.revoked',
      subject: id,
      before: { name, settings },
      after: undefined,
    })
  })
}

/** A screen as pages get it. */
export function shown({ presence, clock }: ScreenContext, screen: StoredScreen): Screen {
  const { id, name, settings, approvedBy, pairedAt } = screen
  return { id, name, settings, approvedBy, pairedAt, ...presence.lastSeen(screen, clock.now()) }
}

/** A screen that somebody may not manage is none to them. */
async function withScreen<T>(
  { database, news }: ScreenContext,
  caller: Caller,
  id: string,
  work: (tx: Queryable, screen: StoredScreen) => Promise<T>,
): Promise<T> {
  const done = await database.transaction(async (tx) => {
    const screen = await lockScreen(tx, { site: caller.site, id })
    if (screen === undefined || !mayManageScreen(caller, screen.settings)) {
      throw new AppError('not_found', 'there is no such screen', { field: 'id' })
    }
    const result = await work(tx, screen)
    await announceScreens(tx)
    return result
  })
  news.tell()
  return done
}
