import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { settings } from '@stagewatch/db/people-schema.ts'
import { and, eq, sql } from 'drizzle-orm'

type SettingName = 'auth_secret' | 'setup_token_hash' | 'push_keys' | 'sample_desk'

/** The stored setting with the name; stores `value` if there is none yet. */
export async function settingOrFirst(db: Queryable, name: SettingName, value: string): Promise<string> {
  await drizzleOn(db).insert(settings).values({ name, value }).onConflictDoNothing({ target: settings.name })
  return (await loadSetting(db, name)) ?? value
}

/** The stored setting with the name, if there is one. */
export async function loadSetting(db: Queryable, name: SettingName): Promise<string | undefined> {
  const [row] = await drizzleOn(db).select({ value: settings.value }).from(settings).where(eq(settings.name, name))
  return row?.value
}

export async function saveSetting(db: Queryable, name: SettingName, value: string): Promise<void> {
  await drizzleOn(db)
    .insert(settings)
    .values({ name, value })
    .onConflictDoUpdate({ target: settings.name, set: { value, updatedAt: sql`now()` } })
}

export async function hasSetting(db: Queryable, name: SettingName, value: string): Promise<boolean> {
  const found = await drizzleOn(db).select({ name: settings.name }).from(settings).where(isSetting(name, value))
  return found.length > 0
}

/** Removes the setting if it has this value; of several concurrent calls, one succeeds. */
export async function takeSetting(db: Queryable, name: SettingName, value: string): Promise<boolean> {
  return (await drizzleOn(db).delete(settings).where(isSetting(name, value))).rowCount > 0
}

function isSetting(name: SettingName, value: string) {
  return and(eq(settings.name, name), eq(settings.value, value))
}
