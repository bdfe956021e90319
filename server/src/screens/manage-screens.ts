import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { screens } from '@stagewatch/db/screens-schema.ts'
import type { Screen, screenChange } from '@stagewatch/shared/contract/screen.ts'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { actorOf } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { requireVersion, versionOf } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import type { ScreenContext } from './screen-context.ts'
import { announceScreens } from './screen-news.ts'
import { grantedSettings, mayManageScreen } from './screen-rights.ts'
import { isScreen, loadScreens, lockScreen } from './screens-table.ts'
import type { StoredScreen } from './screens-table.ts'

/** The screens of the site that the caller may see. */
export async function listScreens(context: ScreenContext, caller: Caller): Promise<Screen[]> {
  const stored = await loadScreens(context.database, caller.site)
  return stored.filter(({ settings }) => mayManageScreen(caller, settings)).map((screen) => shown(context, screen))
}

/**
 * @throws AppError `not_found`, `forbidden` for departments that are not the caller's, or `conflict` when somebody else
 * has changed it.
 */
export function changeScreen(
  context: ScreenContext,
  caller: Caller,
  id: string,
  { name, settings: asked }: z.infer<typeof screenChange>,
  expected: ExpectedVersion,
): Promise<Screen> {
  return withScreen(context, caller, id, async (tx, screen) => {
    const settings = grantedSettings(caller, asked)
    requireVersion(expected, { current: editedOf(screen), yours: { name, settings } })
    await drizzleOn(tx)
      .update(screens)
      .set({ name, settings, version: sql`${screens.version} + 1` })
      .where(isScreen(screen))
    await recordChange(tx, screen.site, {
      changedAt: context.clock.now(),
      actor: actorOf(caller),
      action: 'screen.changed',
      subject: id,
      before: editedOf(screen),
      after: { name, settings },
    })
    return shown(context, { ...screen, name, settings })
  })
}

/** Makes the screen show its name, or reload, wherever it is connected. @throws AppError `not_found`. */
export function commandScreen(
  context: ScreenContext,
  caller: Caller,
  id: string,
  command: 'identify' | 'reload',
): Promise<void> {
  return withScreen(context, caller, id, async (tx, screen) => {
    const count = `${command}Count` as const
    await drizzleOn(tx)
      .update(screens)
      .set({ [count]: sql`${screens[count]} + 1` })
      .where(isScreen(screen))
  })
}

/** Revokes the screen, which is notified within a second. @throws AppError `not_found`. */
export function revokeScreen(context: ScreenContext, caller: Caller, id: string): Promise<void> {
  return withScreen(context, caller, id, async (tx, { site, name, settings }) => {
    const now = context.clock.now()
    await drizzleOn(tx)
      .update(screens)
      .set({ revokedAt: now, tokenHash: null, nextTokenHash: null })
      .where(isScreen({ site, id }))
    await recordChange(tx, site, {
      changedAt: now,
      actor: actorOf(caller),
      action: 'screen.revoked',
      subject: id,
      before: { name, settings },
      after: undefined,
    })
  })
}

/** A screen as pages receive it. */
export function shown({ presence, clock }: ScreenContext, screen: StoredScreen): Screen {
  const { id, name, settings, approvedBy, pairedAt, confirmedAt } = screen
  return {
    id,
    name,
    settings,
    approvedBy,
    pairedAt,
    ...(confirmedAt !== undefined && { confirmedAt }),
    version: versionOf(editedOf(screen)),
    ...presence.lastSeen(screen, clock.now()),
  }
}

function editedOf({ name, settings }: Pick<StoredScreen, 'name' | 'settings'>) {
  return { name, settings }
}

/** Treats a screen that the caller may not manage as not found. */
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
