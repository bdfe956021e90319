import type { Database } from '@stagewatch/db/database.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportDetail } from '@stagewatch/shared/contract/imports.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { isDeepStrictEqual } from 'node:util'
import { audienceOf } from '../../access/caller.ts'
import type { Caller } from '../../access/caller.ts'
import { AppError } from '../../platform/app-error.ts'
import { loadImport, viewOfImport } from '../batches/imports-table.ts'
import type { StoredImport } from '../batches/imports-table.ts'
import type { ImportContext } from './import-context.ts'
import type { Uploads } from './uploads.ts'

interface DescribeOptions {
  readonly sites: ImportContext['sites']
  readonly database: Database
  readonly uploads: Uploads
}

/** @throws AppError `not_found`. */
export async function describeImport(
  id: number,
  caller: Caller,
  { sites, database, uploads }: DescribeOptions,
): Promise<ImportDetail> {
  const stored = await requireStored(database, caller, id)
  const { report, upload } = stored
  const isOwn = stored.actor === caller.name
  const { privacy } = await sites.get(caller.site)
  const seesAll = isOwn || isDeepStrictEqual(audienceOf(caller, privacy.now).privacy, openPrivacy)
  const errorsPath = upload === null ? undefined : await uploads.errorsPath(upload, id, caller)
  return {
    ...viewOfImport(stored),
    ...(report !== null && { report: seesAll ? report : withoutValues(report) }),
    ...(upload !== null && errorsPath !== undefined && { upload }),
    hasErrorsFile: stored.rejected > 0 && errorsPath !== undefined,
  }
}

/**
 * Path of the rejected rows of an import, for the sender of the file.
 * @throws AppError `not_found`.
 */
export async function rejectedRowsOf(
  id: number,
  caller: Caller,
  { database, uploads }: Pick<DescribeOptions, 'database' | 'uploads'>,
): Promise<string> {
  const { upload } = await requireStored(database, caller, id)
  const path = upload === null ? undefined : await uploads.errorsPath(upload, id, caller)
  if (path === undefined) {
    throw new AppError('not_found', 'there are no rejected rows, or they were deleted with their file', { field: 'id' })
  }
  return path
}

async function requireStored(database: Database, { site }: Caller, id: number): Promise<StoredImport> {
  const stored = await loadImport(database, site, id)
  if (stored === undefined) throw new AppError('not_found', 'there is no such import', { field: 'id' })
  return stored
}

/** For callers with restricted access to the site's data, which cell values might reveal. */
function withoutValues(report: ImportReport): ImportReport {
  const { preview: _preview, ...rest } = report
  const plain = <T extends { readonly examples: readonly unknown[] }>(column: T): T => ({ ...column, examples: [] })
  return {
    ...rest,
    times: report.times.map(plain),
    numbers: report.numbers.map(plain),
    cells: report.cells.map((group) => ({ ...plain(group), message: '' })),
    rejections: report.rejections.map((group) => ({ ...group, first: [] })),
  }
}
