import type { Readable } from 'node:stream'
import {
  importOrder,
  uploadBegin,
  uploadImport,
  uploadLimits,
  uploadList,
  uploadView,
} from '@stagewatch/shared/contract/uploads.ts'
import { uploadOffsetHeader } from '@stagewatch/shared/contract/uploads.ts'
import { importView } from '@stagewatch/shared/contract/imports.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import type { Caller } from '../../access/caller.ts'
import { callerOf } from '../../access/route-access.ts'
import { refusals } from '../../platform/http/problem-answer.ts'
import type { TypedApp } from '../../platform/http/typed-app.ts'
import type { Uploads } from './uploads.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })
const params = z.object({ id: z.string().regex(/^[\w-]{1,40}$/, 'must be the id of an upload') })
const mayFail = { ...refusals, 404: problem, 409: problem, 413: problem, 503: problem }
const bytesType = 'application/octet-stream'
/** Enough for a mapping with all columns and milestones. */
const orderBytes = 256 * 1024

/** An upload is only accessible to its sender, regardless of who else may import. */
export function uploadRoutes(app: TypedApp, { uploads }: { readonly uploads: Uploads }): void {
  // The body is streamed to the file, see `UploadFiles`.
  app.addContentTypeParser(bytesType, (_request, payload, done) => done(null, payload))

  const list = async (caller: Caller) => ({
    uploads: await uploads.list(caller),
    maxBytes: uploads.maxBytes,
    chunkBytes: uploadLimits.chunk,
  })

  app.get('/api/v1/uploads', {
    config: { access: 'imports.manage' },
    schema: {
      summary: 'Files that the caller has uploaded',
      tags,
      querystring,
      response: { 200: uploadList, ...refusals },
    },
    handler: (request) => list(callerOf(request)),
  })

  app.post('/api/v1/uploads', {
    config: { access: 'imports.manage', load: 'exports' },
    schema: {
      summary: 'Start the upload of a file, which is kept for a day',
      tags,
      querystring,
      body: uploadBegin,
      response: { 200: uploadView, ...mayFail },
    },
    handler: (request) => uploads.begin(request.body, callerOf(request)),
  })

  app.get('/api/v1/uploads/:id', {
    config: { access: 'imports.manage' },
    schema: {
      summary: 'The progress of an upload and of reading its file',
      tags,
      params,
      querystring,
      response: { 200: uploadView, ...mayFail },
    },
    handler: (request) => uploads.view(request.params.id, callerOf(request)),
  })

  app.patch('/api/v1/uploads/:id', {
    config: { access: 'imports.manage', load: 'exports' },
    bodyLimit: uploadLimits.chunk,
    schema: {
      summary: 'Upload the next bytes of a file',
      description:
        'The body is a chunk, application/octet-stream of at most 8 MiB. Upload-Offset says where in the file it begins, which is where the upload ends: after an interruption ask for receivedBytes and go on from there.',
      tags,
      params,
      querystring,
      consumes: [bytesType],
      headers: z.object({ [uploadOffsetHeader]: z.string().regex(/^\d{1,15}$/, 'must be a number of bytes') }),
      response: { 200: uploadView, ...mayFail, 415: problem },
    },
    // The parser passes on the request stream.
    handler: (request) =>
      uploads.append(
        request.params.id,
        Number(request.headers[uploadOffsetHeader]),
        request.body as Readable,
        callerOf(request),
      ),
  })

  app.delete('/api/v1/uploads/:id', {
    config: { access: 'imports.manage' },
    schema: { summary: 'Delete a file', tags, params, querystring, response: { 200: uploadList, ...mayFail } },
    handler: async (request) => {
      const caller = callerOf(request)
      await uploads.delete(request.params.id, caller)
      return list(caller)
    },
  })

  app.post('/api/v1/uploads/:id/check', {
    config: { access: 'imports.manage', load: 'exports' },
    bodyLimit: orderBytes,
    schema: {
      summary: 'Check a file as an import would, without storing anything: the report is returned with the upload',
      tags,
      params,
      querystring,
      body: importOrder,
      response: { 200: uploadView, ...mayFail },
    },
    handler: (request) => uploads.check(request.params.id, request.body, callerOf(request)),
  })

  app.post('/api/v1/uploads/:id/check/stop', {
    config: { access: 'imports.manage' },
    schema: { summary: 'Stop reading', tags, params, querystring, response: { 200: uploadView, ...mayFail } },
    handler: (request) => uploads.stopCheck(request.params.id, callerOf(request)),
  })

  app.post('/api/v1/uploads/:id/import', {
    config: { access: 'imports.manage', load: 'exports' },
    bodyLimit: orderBytes,
    schema: {
      summary: 'Import a file; conflict: it was imported before with other options, see repeated',
      tags,
      params,
      querystring,
      body: uploadImport,
      response: { 200: importView, ...mayFail },
    },
    handler: (request) => uploads.import(request.params.id, request.body, callerOf(request)),
  })
}
