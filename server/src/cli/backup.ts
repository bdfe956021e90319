import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable, Transform } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { backupFileName, checkBackup, completeFile, writeBackupFile } from '../backup/backup-files.ts'
import type { BackupContent } from '../backup/read-backup.ts'
import { plural } from '../platform/english-text.ts'
import { AppError } from '../platform/app-error.ts'
import type { Command, Terminal } from './command.ts'
import { exitCode, UsageError } from './command.ts'
import { openProgress } from './progress.ts'
import { withData } from './with-data.ts'
import type { DataHolder } from './with-data.ts'

const title = 'writing the backup'

export const backupCommand: Command = {
  name: 'backup',
  summary: 'write everything to one file, while the server runs',
  help: `[FILE] [OPTIONS]

Writes all sites to FILE (default: stagewatch-TIME.tar.zst in the current folder), as they are at one instant, and reads
the file again to make sure that it is complete. The key of stored secrets (DATA_DIR/stagewatch.secrets-key or
SECRETS_KEY) is not in it: keep it in another place.

  --check FILE          only read FILE and check that it is complete
  --json                print the result as JSON, and nothing else`,
  async run(args, terminal) {
    const options = { check: { type: 'string' }, json: { type: 'boolean', default: false } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (positionals.length > (values.check === undefined ? 1 : 0)) throw new UsageError('backup writes one file')
    const path = resolve(values.check ?? positionals[0] ?? backupFileName(Date.now()))
    const content = await (values.check === undefined ? write(path, terminal) : checkBackup(path, terminal.stopped))
    const { size: bytes } = await stat(path)
    const { createdAt } = content.manifest
    const { events = 0, orders = 0 } = content.summary.rowCounts
    const made = new Date(createdAt).toISOString()
    if (values.json) terminal.print(JSON.stringify({ file: path, bytes, createdAt: made, events, orders }))
    else
      terminal.print(
        `${path}: ${plural(orders, 'order')} with ${plural(events, 'event')} of ${made}, ${megabytes(bytes)} MB, complete`,
      )
    return exitCode.done
  },
}

function write(path: string, terminal: Terminal): Promise<BackupContent> {
  return withData({
    async database(database) {
      const progress = openProgress(terminal, title)
      return writeBackupFile(path, {
        database,
        now: Date.now(),
        signal: terminal.stopped,
        progress: ({ doneBytes, totalBytes }) =>
          progress.update(doneBytes / Math.max(1, totalBytes), `${megabytes(doneBytes)} MB read`),
      }).finally(() => progress.close())
    },
    server: (holder) => download(path, holder, terminal),
  })
}

/** The running server holds the embedded database, so it writes the backup. */
async function download(path: string, { url, token }: DataHolder, terminal: Terminal): Promise<BackupContent> {
  const reply = await fetch(new URL('/api/v1/admin/backup', url), {
    headers: { authorization: `Bearer ${token}` },
    signal: terminal.stopped,
  })
  if (!reply.ok || reply.body === null)
    throw new AppError('internal', `the server on ${url} answered ${reply.status}: see its log`)
  const body = Readable.fromWeb(reply.body as ReadableStream)
  const progress = openProgress(terminal, title)
  let bytes = 0
  const counted = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      bytes += piece.length
      progress.update(0, `${megabytes(bytes)} MB written`)
      done(null, piece)
    },
  })
  try {
    return await completeFile(path, async (partial) => {
      await pipeline(body, counted, createWriteStream(partial, { mode: 0o600 }), { signal: terminal.stopped })
      return checkBackup(partial, terminal.stopped)
    })
  } finally {
    progress.close()
  }
}

export function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1)
}
