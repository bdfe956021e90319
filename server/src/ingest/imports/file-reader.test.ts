import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { AppError } from '../../platform/app-error.ts'
import { writtenFile } from '../files/testing/written-file.ts'
import { FileReader } from './file-reader.ts'

const host = {
  open: () => Promise.reject(new Error('opened')),
  positionChanged: () => {},
}
const order = { mapping: {}, discover: false, terminal: [] }
const task = {
  path: 'none',
  order,
  dryRun: true,
  preview: true,
  errorsPath: undefined,
  maxErrorsBytes: undefined,
}

/** A reader whose thread runs the given code instead. */
function readerOf(code: string, resourceLimits = {}): FileReader {
  return new FileReader(task, host, () => new Worker(code, { eval: true, resourceLimits }))
}

test.each([
  ['ends by itself', 'process.exit(0)', 'the thread that read the file ended'],
  ['throws', 'throw new Error("broken")', 'broken'],
])('a thread that %s breaks its import off', async (_, code, message) => {
  await expect(readerOf(code).report).rejects.toThrow(message)
})

test('a file that takes more memory than it may is refused', async () => {
  const all = 'const all = []; for (;;) all.push(new Array(10_000).fill(Math.random()))'
  const reader = readerOf(all, { maxOldGenerationSizeMb: 16 })
  await expect(reader.report).rejects.toMatchObject({ code: 'too_large' })
})

test('a refusal of the site ends the reading as it is, with the field that it is about', async () => {
  const path = writtenFile('order_id,stage,timestamp\nSO-1,pick,2026-01-02T08:00:00Z\n')
  const refusal = new AppError('not_ready', 'the database is away', { field: 'database' })
  const reader = new FileReader({ ...task, path }, { ...host, open: () => Promise.reject(refusal) })
  await expect(reader.report).rejects.toMatchObject({ code: 'not_ready', field: 'database', message: refusal.message })
  await reader.close()
})

test('a file that is not there is refused by the thread that reads it', async () => {
  const reader = new FileReader(task, host)
  await expect(reader.report).rejects.toMatchObject({ code: 'not_found' })
  await reader.close()
})
