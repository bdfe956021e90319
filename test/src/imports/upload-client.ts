import { readFileSync } from 'node:fs'
import { importDetail, importView } from '@stagewatch/shared/contract/imports.ts'
import type { ImportDetail } from '@stagewatch/shared/contract/imports.ts'
import { uploadView } from '@stagewatch/shared/contract/uploads.ts'
import type { ImportOrder, UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { eventually } from '../harness/eventually.ts'
import { call } from '../http/call.ts'
import type { Reply } from '../http/call.ts'
import type { Visitor } from '../identity/visitor.ts'

/** The request body of an import order; omitted fields have their defaults. */
export type AskedOrder = Partial<ImportOrder> & { readonly repeated?: 'replace' | 'beside' }

/** A client that uploads files to a server and imports them. */
export class UploadClient {
  readonly #call: Visitor['call']

  /** @param caller an API key, or somebody who is signed in. */
  constructor(url: string, caller: string | Visitor) {
    this.#call =
      typeof caller === 'string'
        ? (path, options) => call(`${url}${path}`, { key: caller, ...options })
        : (path, options) => caller.call(path, options)
  }

  ask(path: string, options: { readonly method?: string; readonly body?: unknown } = {}): Promise<Reply> {
    return this.#call(`/api/v1/${path}`, options)
  }

  async begin(file: string, bytes: number): Promise<UploadView> {
    return uploadView.parse((await this.ask('uploads', { body: { file, bytes } })).body)
  }

  append(id: string, offset: number, chunk: Uint8Array): Promise<Reply> {
    const headers = { 'content-type': 'application/octet-stream', 'upload-offset': String(offset) }
    return this.#call(`/api/v1/uploads/${id}`, { method: 'PATCH', headers, body: chunk })
  }

  /** Uploads a file in chunks. */
  async send(file: string, bytes: Buffer, chunkBytes = 8 * 1024 * 1024): Promise<UploadView> {
    let upload = await this.begin(file, bytes.length)
    while (upload.receivedBytes < bytes.length) {
      const { id, receivedBytes } = upload
      const reply = await this.append(id, receivedBytes, bytes.subarray(receivedBytes, receivedBytes + chunkBytes))
      upload = uploadView.parse(reply.body)
    }
    return upload
  }

  sendFile(path: string): Promise<UploadView> {
    return this.send(path.replace(/^.*\//, ''), readFileSync(path))
  }

  async view(id: string): Promise<UploadView> {
    return uploadView.parse((await this.ask(`uploads/${id}`)).body)
  }

  /** Resolves when the check has ended. */
  async check(id: string, order: AskedOrder = {}): Promise<NonNullable<UploadView['check']>> {
    await this.ask(`uploads/${id}/check`, { body: order })
    return untilRead(async () => {
      const { check } = await this.view(id)
      if (check === undefined || check.state === 'waiting' || check.state === 'running')
        throw new Error('is being read')
      return check
    })
  }

  /** Resolves with the import's number once it has started. */
  async begun(id: string, order: AskedOrder = {}): Promise<number> {
    return importView.parse((await this.ask(`uploads/${id}/import`, { body: order })).body).id
  }

  async ended(id: number): Promise<ImportDetail> {
    return untilRead(async () => {
      const detail = importDetail.parse((await this.ask(`imports/${id}`)).body)
      if (detail.state === 'running' || detail.state === 'waiting') throw new Error('is being read')
      return detail
    })
  }

  /** Resolves when the import has ended. */
  async import(id: string, order: AskedOrder = {}): Promise<ImportDetail> {
    return this.ended(await this.begun(id, order))
  }
}

/** A large file takes longer than anything else that tests wait for. */
const waits = 6
const intervalMs = 100

export async function untilRead<T>(read: () => Promise<T>): Promise<T> {
  for (let i = 1; i < waits; i++) {
    const outcome = await eventually(read, intervalMs).then(
      (value) => ({ value }),
      () => undefined,
    )
    if (outcome !== undefined) return outcome.value
  }
  return eventually(read, intervalMs)
}
