import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { users } from '@stagewatch/db/people-schema.ts'
import { userProfiles } from '@stagewatch/db/team-schema.ts'
import { profileSettings } from '@stagewatch/shared/contract/profile.ts'
import type { ProfileSettings } from '@stagewatch/shared/contract/profile.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { eq, sql } from 'drizzle-orm'

/** Notification settings of a person, and their preferences for all devices. */
export interface StoredProfile {
  readonly settings: ProfileSettings
  readonly email: string
  readonly emailVerified: boolean
  readonly fictional: boolean
}

/** The default is notification by mail. Undefined if there is no such account. */
export async function loadProfile(db: Queryable, userId: string, lock?: 'update'): Promise<StoredProfile | undefined> {
  const asked = drizzleOn(db)
    .select({
      name: users.name,
      email: users.email,
      emailVerified: users.emailVerified,
      fictional: users.fictional,
      language: userProfiles.language,
      timeZone: userProfiles.timeZone,
      channels: userProfiles.channels,
      quietHours: userProfiles.quietHours,
      dueList: userProfiles.dueList,
    })
    .from(users)
    .leftJoin(userProfiles, eq(userProfiles.userId, users.id))
    .where(eq(users.id, userId))
  const [row] = await (lock === undefined ? asked : asked.for(lock, { of: users }))
  if (row === undefined) return undefined
  const { name, email, emailVerified, fictional, language, timeZone, channels, quietHours, dueList } = row
  const settings = profileSettings.parse({
    name,
    channels: channels ?? [{ kind: 'email' }],
    dueList: dueList ?? true,
    ...(language !== null && { language }),
    ...(timeZone !== null && { timeZone }),
    ...(quietHours !== null && { quietHours }),
  })
  return { settings, email, emailVerified, fictional }
}

export async function saveProfile(tx: Queryable, userId: string, settings: ProfileSettings): Promise<void> {
  const { language = null, timeZone = null, channels, quietHours = null, dueList } = settings
  const values = { language, timeZone, channels, quietHours, dueList }
  await drizzleOn(tx)
    .insert(userProfiles)
    .values({ userId, ...values })
    .onConflictDoUpdate({ target: userProfiles.userId, set: { ...values, updatedAt: sql`now()` } })
}

export async function saveLanguage(db: Queryable, userId: string, language: Language): Promise<void> {
  await drizzleOn(db)
    .insert(userProfiles)
    .values({ userId, language, channels: [{ kind: 'email' }] })
    .onConflictDoUpdate({ target: userProfiles.userId, set: { language, updatedAt: sql`now()` } })
}
