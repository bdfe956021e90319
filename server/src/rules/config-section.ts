import type { Queryable } from '@stagewatch/db/database.ts'
import type { SiteConfig } from '@stagewatch/shared/contract/site-config.ts'
import type { RecordedChange } from '../access/changes-table.ts'
import { AppError } from '../platform/app-error.ts'

/** The change of a configuration of which a section is a part. */
export interface SectionChange {
  readonly current: SiteConfig
  /** Records what has changed, with the author and the reason of the change. */
  readonly record: (change: Pick<RecordedChange, 'action' | 'subject' | 'before' | 'after'>) => Promise<void>
  /** Epoch ms. */
  readonly changedAt: number
}

/** A part of the configuration of a site that another folder stores. */
export interface ConfigSection {
  readonly load: (db: Queryable, site: string) => Promise<Partial<SiteConfig>>
  /**
   * Stores the part, in the transaction of the whole. A configuration without it leaves it unchanged.
   * @throws AppError with the field of the configuration that cannot be applied.
   */
  readonly apply: (tx: Queryable, site: string, config: SiteConfig, change: SectionChange) => Promise<void>
}

/** Runs checks whose refusals name fields within a part of the configuration. */
export async function inSection<T>(field: string, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof AppError) || error.details === undefined) throw error
    const details = error.details.map((one) => ({ ...one, field: `config.${field}.${one.field}` }))
    throw new AppError(error.code, error.message, { details })
  }
}
