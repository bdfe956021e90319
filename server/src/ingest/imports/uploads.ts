import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { Readable } from 'node:stream'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportView } from '@stagewatch/shared/contract/imports.ts'
import type { ImportOrder, UploadBegin, UploadImport, UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { deskSource } from '@stagewatch/shared/domain/order-event.ts'
import { actorOf } from '../../access/actor.ts'
import type { Caller } from '../../access/caller.ts'
import { requireAction } from '../../access/caller.ts'
import { recordChange } from '../../access/changes-table.ts'
import { AppError } from '../../platform/app-error.ts'
import { announceChange } from '../../platform/site-changes.ts'
import {
  breakOffImport,
  loadImportOfUpload,
  loadImportsOf,
  loadLostImports,
  requestStop,
  viewOfImport,
} from '../batches/imports-table.ts'
import { brokenOffBy } from '../batches/break-off.ts'
import { beginImport } from './begin-import.ts'
import { checkJob } from './check-job.ts'
import { readOtherwise, recordedOptions } from './earlier-imports.ts'
import { fileOptionsOf } from './file-options.ts'
import type { ImportContext } from './import-context.ts'
import { jobKey } from './import-context.ts'
import { importJob } from './import-job.ts'
import {
  deleteExpiredUploads,
  deleteUpload,
  insertUpload,
  isOf,
  loadLostChecks,
  loadUpload,
  loadUploads,
  saveUpload,
} from './uploads-table.ts'
import type { StoredUpload } from './uploads-table.ts'

/** Since the last action on the upload. */
const keptForMs = 24 * 3_600_000
/** Limit per site, in files of the maximum size. */
const filesOfSite = 4

/** Files that users upload to a site, with their checks and imports. */
export class Uploads {
  readonly #context: ImportContext
  readonly maxBytes: number

  /** @param maxBytes limit per file. */
  constructor(context: ImportContext, maxBytes: number) {
    this.#context = context
    this.maxBytes = maxBytes
  }

  /** @throws AppError `too_large` if the file is too large or the site has too many uploads; `disk_full`. */
  async begin({ file, bytes }: UploadBegin, caller: Caller): Promise<UploadView> {
    const { database, files, clock } = this.#context
    if (bytes > this.maxBytes) {
      const more = { field: 'bytes', reason: 'too_large', limit: this.maxBytes } as const
      throw new AppError('too_large', `a file may have ${this.maxBytes} bytes; pack it with gzip, or split it`, more)
    }
    const id = randomBytes(16).toString('base64url')
    const startedAt = clock.now()
    const upload = { id, file, bytes, host: hostname(), startedAt, expiresAt: startedAt + keptForMs }
    await insertUpload(database, caller.site, caller, upload, filesOfSite * this.maxBytes)
    try {
      await files.create(id, bytes)
    } catch (error) {
      await deleteUpload(database, { site: caller.site, id })
      throw error
    }
    return this.view(id, caller)
  }

  /**
   * Appends the bytes from `offset` on.
   * @throws AppError see `UploadFiles.append`.
   */
  async append(id: string, offset: number, chunk: Readable, caller: Caller): Promise<UploadView> {
    const { database, files } = this.#context
    const upload = await this.#require(id, caller)
    await this.#requireFile(upload)
    const size = await files.append(id, chunk, { offset, end: upload.bytes })
    if (size === upload.bytes && upload.hash === null) {
      await saveUpload(database, upload, { hash: await files.hash(id, upload.bytes) })
    }
    return this.view(id, caller)
  }

  async list(caller: Caller): Promise<UploadView[]> {
    const stored = await loadUploads(this.#context.database, caller.site, caller)
    return Promise.all(stored.map((upload) => this.#viewOf(upload)))
  }

  /** @throws AppError `not_found` if it does not exist or belongs to somebody else. */
  async view(id: string, caller: Caller): Promise<UploadView> {
    return this.#viewOf(await this.#require(id, caller))
  }

  /** Deletes an upload after stopping the job that reads it. */
  async delete(id: string, caller: Caller): Promise<void> {
    const { database, files, jobs } = this.#context
    const upload = await this.#require(id, caller)
    const { site } = upload
    const reading = await loadImportOfUpload(database, site, id)
    if (reading !== undefined && reading.endedAt === null) {
      throw new AppError('conflict', 'the file is being imported: stop that first', { field: 'id' })
    }
    jobs.stop(jobKey('check', site, id))
    await deleteUpload(database, upload)
    await files.delete(id)
  }

  /** Starts a dry run; one that is still running is stopped. */
  async check(id: string, order: ImportOrder, caller: Caller): Promise<UploadView> {
    const { database, jobs, clock, origin } = this.#context
    requireReadable(order.mapping)
    const upload = await this.#require(id, caller)
    await this.#requireFile(upload)
    requireComplete(upload)
    const key = jobKey('check', upload.site, id)
    jobs.stop(key)
    await jobs.ended(key)
    jobs.requireRoom()
    const startedAt = clock.now()
    await saveUpload(database, upload, {
      lastCheck: { state: 'waiting', order, startedAt },
      instance: origin,
      progress: null,
      report: null,
      stopping: false,
      expiresAt: startedAt + keptForMs,
    })
    jobs.start(checkJob(this.#context, upload, { startedAt, order, caller }))
    return this.view(id, caller)
  }

  async stopCheck(id: string, caller: Caller): Promise<UploadView> {
    const { database, jobs } = this.#context
    const upload = await this.#require(id, caller)
    await saveUpload(database, upload, { stopping: true })
    jobs.stop(jobKey('check', upload.site, id))
    return this.view(id, caller)
  }

  /**
   * Starts an import of the file.
   * @throws AppError `conflict` with the imports that read the same bytes with other options, unless `repeated` says
   * what to do with them.
   */
  async import(id: string, { repeated, ...order }: UploadImport, caller: Caller): Promise<ImportView> {
    const { database, jobs, clock, origin } = this.#context
    const { source } = requireReadable(order.mapping)
    if (order.discover) requireAction(caller, 'rules.change')
    if (caller.sources?.includes(source) === false) {
      throw new AppError('forbidden', 'this key may not send events of this source', { field: 'mapping.source' })
    }
    const upload = await this.#require(id, caller)
    await this.#requireFile(upload)
    const hash = requireComplete(upload)
    const { site, file } = upload
    const options = recordedOptions(order.mapping, source)
    const others = readOtherwise((await loadImportsOf(database, site, hash)).map(viewOfImport), options)
    if (repeated === undefined && others.length > 0) {
      throw new AppError(
        'conflict',
        'the file was imported before with other options: replace that import, or keep both',
        {
          field: 'repeated',
          conflict: { current: others, yours: options },
        },
      )
    }
    jobs.requireRoom()
    const now = clock.now()
    await saveUpload(database, upload, { expiresAt: now + keptForMs })
    const reader = { upload: id, instance: origin }
    const importId = await beginImport(database, { file, hash, options }, caller, now, reader)
    const replaced = repeated === 'replace' ? others.map((other) => other.id) : []
    jobs.start(importJob(this.#context, { id: importId, upload, order, caller, replaced }))
    const begun = await loadImportOfUpload(database, site, id)
    if (begun === undefined) throw new Error('an import that was started does not exist')
    return viewOfImport(begun)
  }

  /**
   * Rows that were read by then are kept.
   * @throws AppError `conflict` if the server is not reading it.
   */
  async stopImport(id: number, caller: Caller): Promise<void> {
    const { database, jobs, clock } = this.#context
    const { site } = caller
    await database.transaction(async (tx) => {
      if (!(await requestStop(tx, site, id))) {
        throw new AppError('conflict', 'the server does not read this import', { field: 'id' })
      }
      const change = { changedAt: clock.now(), actor: actorOf(caller), subject: String(id) }
      await recordChange(tx, site, { ...change, action: 'import.stopped', before: null, after: null })
    })
    jobs.stop(jobKey('import', site, id))
  }

  /** Path of the rejected rows of an import; undefined if the caller has no access to any, or they were deleted. */
  async errorsPath(id: string, importId: number, caller: Caller): Promise<string | undefined> {
    const upload = await loadUpload(this.#context.database, caller.site, id)
    if (upload === undefined || !isOf(upload, caller)) return undefined
    const path = this.#context.files.errorsPathOf(id, importId)
    return (await stat(path).catch(() => undefined)) === undefined ? undefined : path
  }

  /** Marks jobs of server instances that have died as ended. */
  async endLost(): Promise<void> {
    const { database, jobs, clock } = this.#context
    const isAlone = database.kind === 'embedded'
    for (const lost of await loadLostImports(database, isAlone)) {
      if (jobs.has(jobKey('import', lost.site, lost.id))) continue
      await breakOffImport(
        database,
        lost,
        brokenOffBy('server_ended', 'the server stopped while it read the file'),
        clock.now(),
      )
    }
    for (const lost of await loadLostChecks(database, isAlone)) {
      if (lost.lastCheck === null || jobs.has(jobKey('check', lost.site, lost.id))) continue
      await saveUpload(database, lost, { lastCheck: { ...lost.lastCheck, state: 'stopped' }, progress: null })
      await announceChange(database, lost.site, 'imports')
    }
  }

  /** Runs on every server instance, because each may have its own folder. */
  async deleteExpired(): Promise<void> {
    const { database, files, clock } = this.#context
    await files.deleteOthers(await deleteExpiredUploads(database, clock.now()))
  }

  async #require(id: string, caller: Caller): Promise<StoredUpload> {
    const upload = await loadUpload(this.#context.database, caller.site, id)
    if (upload === undefined || !isOf(upload, caller)) {
      throw new AppError('not_found', 'there is no such upload', { field: 'id' })
    }
    return upload
  }

  async #requireFile({ id, host }: StoredUpload): Promise<void> {
    if ((await this.#context.files.size(id)) !== undefined) return
    throw new AppError(
      'not_found',
      `the file is on another server instance (${host}): give all instances one UPLOAD_DIR, or let the load balancer keep a sender at one of them`,
      { field: 'id', reason: 'elsewhere' },
    )
  }

  async #viewOf(upload: StoredUpload): Promise<UploadView> {
    const { database, files } = this.#context
    const { id, site, file, bytes, hash, startedAt, expiresAt, lastCheck, progress, report } = upload
    const reading = await loadImportOfUpload(database, site, id)
    const earlier = hash === null ? [] : await loadImportsOf(database, site, hash)
    return {
      id,
      file,
      bytes,
      receivedBytes: hash === null ? ((await files.size(id)) ?? 0) : bytes,
      ...(hash !== null && { hash }),
      startedAt,
      expiresAt,
      ...(lastCheck !== null && {
        check: { ...lastCheck, ...(progress !== null && { progress }), ...(report !== null && { report }) },
      }),
      ...(reading !== undefined && { import: viewOfImport(reading) }),
      earlier: earlier.map(viewOfImport),
    }
  }
}

/** @throws AppError `invalid_field` with the field of the mapping. */
function requireReadable(mapping: ImportMapping) {
  if (mapping.source === deskSource) {
    const message = `${deskSource} is the source of what people do on the desk; name the system that the file comes from`
    throw new AppError('invalid_field', message, { field: 'mapping.source', reason: 'not_offered' })
  }
  try {
    return fileOptionsOf('', mapping)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const details = error.details?.map((issue) => ({ ...issue, field: `mapping.${issue.field}` }))
    throw new AppError(error.code, error.message, { details })
  }
}

/** @returns the hash of the upload. */
function requireComplete({ hash }: StoredUpload): string {
  if (hash === null) throw new AppError('conflict', 'the file was not uploaded completely', { field: 'id' })
  return hash
}
