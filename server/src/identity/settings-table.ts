import type { Queryable } from '@stagewatch/db/database.ts'

type SettingName = 'auth_secret' | 'setup_token_hash'

/** What the installation remembers under the name; sets it to `value` when there is nothing yet. */
export async function settingOrFirst(db: Queryable, name: SettingName, value: string): Promise<string> {
  await db.query('insert into settings (name, value) values ($1, $2) on conflict (name) do nothing', [name, value])
  const [row] = await db.query<{ value: string }>('select value from settings where name = $1', [name])
  return row?.value ?? value
}

export async function saveSetting(db: Queryable, name: SettingName, value: string): Promise<void> {
  await db.query(
    `insert into settings (name, value) values ($1, $2)
     on conflict (name) do update set value = excluded.value, updated_at = now()`,
    [name, value],
  )
}

/** Removes the setting if it has this value; of several who try at once one succeeds. */
export async function takeSetting(db: Queryable, name: SettingName, value: string): Promise<boolean> {
  const taken = await db.query('delete from settings where name = $1 and value = $2 returning name', [name, value])
  return taken.length > 0
}
