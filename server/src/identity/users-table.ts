import { randomBytes } from 'node:crypto'
import type { Queryable } from '@stagewatch/db/database.ts'
import { AppError } from '../app-error.ts'

export interface NewUser {
  readonly name: string
  readonly email: string
  readonly passwordHash: string
}

export function newId(): string {
  return randomBytes(16).toString('hex')
}

/** @throws AppError `already_used` when somebody has the address. */
export async function saveUser(tx: Queryable, { name, email, passwordHash }: NewUser): Promise<string> {
  const id = newId()
  const saved = await tx.query(
    `insert into users (id, name, email, email_verified) values ($1, $2, $3, true)
     on conflict (email) do nothing returning id`,
    [id, name, email.toLowerCase()],
  )
  if (saved.length === 0) throw new AppError('already_used', 'somebody has this address: sign in', { field: 'email' })
  await tx.query(
    `insert into user_accounts (id, user_id, provider_id, account_id, password) values ($1, $2, 'credential', $2, $3)`,
    [newId(), id, passwordHash],
  )
  return id
}

/** The person of the sample with this address, made when they are not there yet. @returns their id. */
export async function saveFictionalUser(tx: Queryable, name: string, email: string): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    `insert into users (id, name, email, email_verified, fictional) values ($1, $2, $3, true, true)
     on conflict (email) do update set name = excluded.name returning id`,
    [newId(), name, email],
  )
  if (row === undefined) throw new Error('an upsert returns its row')
  return row.id
}

/** Nobody belongs to a real site yet. */
export async function nobodyIsSetUp(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ nobody: boolean }>(
    `select not exists (
       select from memberships join sites on sites.code = memberships.site where not sites.sample
     ) as nobody`,
  )
  return row?.nobody === true
}
