import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fixedTimeText } from '@stagewatch/shared/domain/fixed-time.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { z } from 'zod'
import { contentHash } from '../ingest/parse/content-hash.ts'
import { parseStored } from '../ingest/parse/parse-events.ts'
import { rawEvent } from '../ingest/parse/raw-event.ts'
import { ownSource } from '../ingest/commit/withdrawals.ts'
import {
  ArchiveError,
  archiveEndings,
  explained,
  pack,
  sha256,
  siteDirectory,
  unpack,
  writeFileDurably,
} from './archive-directory.ts'

/** Changes when older programs can no longer read the files. */
const formatVersion = 1
/** Encoding or parsing this many events takes a few ms. */
const eventsPerTurn = 200

/** An event with what the log knows about it. */
export interface LoggedEvent {
  readonly event: OrderEvent
  readonly position: string
  readonly tx: string
  readonly origin: string
  readonly contentHash: string
  readonly keyId: string | null
  /** Epoch ms. */
  readonly recordedAt: number
  readonly imported: boolean
  readonly importId: number | null
}

/**
 * A line of the file about the log; in the same order as the lines of the file with the events. What the server has
 * added itself has no line there, as in an export.
 */
const logLine = z.strictObject({
  source: z.string(),
  id: z.string(),
  position: z.string().regex(/^\d+$/),
  tx: z.string().regex(/^\d+$/),
  origin: z.string(),
  contentHash: z.string().regex(/^[0-9a-f]{32}$/),
  keyId: z.string().nullable(),
  recordedAt: z.string(),
  imported: z.boolean(),
  importId: z.int().nullable(),
  /** Personal data was removed from it, so that its content does not have the hash with which it was received. */
  isRedacted: z.literal(true).optional(),
  event: z.unknown().optional(),
})

const file = z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })

/** What an archive contains, for people and programs that find only its files. */
export const archiveManifest = z.object({
  format: z.literal('stagewatch-archive'),
  version: z.literal(formatVersion),
  site: z.string(),
  /** When the orders ended: `YYYY-MM` in the time zone of the site. */
  month: z.string(),
  orders: z.int(),
  events: z.int(),
  /** RFC 3339. */
  firstEventAt: z.string(),
  lastEventAt: z.string(),
  files: z.object({ events: file, log: file }),
})
export type ArchiveManifest = z.infer<typeof archiveManifest>

export interface WrittenArchive {
  /** Named after the content, so that two server instances never write different files of the same name. */
  readonly name: string
  readonly manifest: ArchiveManifest
}

interface ArchiveContent {
  readonly site: string
  readonly month: string
  readonly events: readonly LoggedEvent[]
}

/**
 * Writes the files of an archive and reads them again: they are on the disk, and every event can be restored from them.
 * Files of the same content that a run that was broken off has left behind are replaced.
 * @throws ArchiveError
 */
export async function writeArchive(
  directory: string,
  { site, month, events }: ArchiveContent,
): Promise<WrittenArchive> {
  const packedEvents = await pack(
    await lines(events, ({ event }) => (event.source === ownSource ? undefined : rawEvent(event))),
  )
  const packedLog = await pack(await lines(events, logLineOf))
  const name = `${month}-${sha256(Buffer.concat([packedEvents, packedLog])).slice(0, 16)}`
  const described = (ending: string, content: Uint8Array) => ({
    name: name + ending,
    bytes: content.length,
    sha256: sha256(content),
  })
  const times = events.map(({ event }) => event.occurredAt)
  const manifest: ArchiveManifest = {
    format: 'stagewatch-archive',
    version: formatVersion,
    site,
    month,
    orders: new Set(events.map(({ event }) => event.order)).size,
    events: events.length,
    firstEventAt: fixedTimeText(times.reduce((a, b) => Math.min(a, b), Infinity)),
    lastEventAt: fixedTimeText(times.reduce((a, b) => Math.max(a, b), -Infinity)),
    files: {
      events: described(archiveEndings.events, packedEvents),
      log: described(archiveEndings.log, packedLog),
    },
  }
  const folder = siteDirectory(directory, site)
  await writeFileDurably(directory, join(folder, manifest.files.events.name), packedEvents)
  await writeFileDurably(directory, join(folder, manifest.files.log.name), packedLog)
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`
  await writeFileDurably(directory, join(folder, name + archiveEndings.manifest), Buffer.from(text))
  const read = await readArchive(directory, site, {
    name,
    eventsSha256: manifest.files.events.sha256,
    logSha256: manifest.files.log.sha256,
  })
  const isSame = read.length === events.length && read.every((one, i) => isSameEvent(one, events[i]))
  if (!isSame) throw new ArchiveError('internal', `the events of ${name} could not be restored from its files`)
  return { name, manifest }
}

interface ArchiveKey {
  readonly name: string
  readonly eventsSha256: string
  readonly logSha256: string
}

/** Reads the events of an archive. @throws ArchiveError if a file is missing, or was changed. */
export async function readArchive(directory: string, site: string, archive: ArchiveKey): Promise<LoggedEvent[]> {
  const read = async (ending: string, expected: string) => {
    const path = join(siteDirectory(directory, site), archive.name + ending)
    const content = await explained(directory, () => readFile(path))
    if (sha256(content) !== expected)
      throw new ArchiveError('archive_damaged', `${path} was changed since it was written: put back the original`)
    return linesOf((await unpack(content)).toString())
  }
  const eventLines = await read(archiveEndings.events, archive.eventsSha256)
  const logLines = await read(archiveEndings.log, archive.logSha256)
  const ofSenders = eventLines.values()
  const events: LoggedEvent[] = []
  for (const [i, line] of logLines.entries()) {
    if (i > 0 && i % eventsPerTurn === 0) await setImmediate()
    events.push(loggedEvent(archive.name, i, line, ofSenders))
  }
  if (ofSenders.next().done !== true)
    throw new ArchiveError('archive_damaged', `the files of ${archive.name} differ in their number of lines`)
  return events
}

function loggedEvent(name: string, index: number, log: string, ofSenders: Iterator<string>): LoggedEvent {
  const { recordedAt, event: own, isRedacted = false, ...known } = logLine.parse(JSON.parse(log))
  const at = Date.parse(recordedAt)
  const parsed = parseStored(own ?? JSON.parse(ofSenders.next().value ?? 'null'), index, at)
  const isSame = parsed.ok && (isRedacted || contentHash(parsed.event) === known.contentHash)
  if (!isSame || parsed.event.id !== known.id)
    throw new ArchiveError('internal', `line ${index + 1} of ${name} is not the event that was archived`)
  const { source: _source, id: _id, ...rest } = known
  return { event: parsed.event, ...rest, recordedAt: at }
}

function isSameEvent(a: LoggedEvent, b: LoggedEvent | undefined): boolean {
  if (b === undefined || a.position !== b.position || a.event.sequence !== b.event.sequence) return false
  return a.contentHash === b.contentHash && contentHash(a.event) === contentHash(b.event)
}

function logLineOf({ event, recordedAt, ...known }: LoggedEvent): z.infer<typeof logLine> {
  const own = event.source === ownSource ? { event: rawEvent(event) } : {}
  const redacted = contentHash(event) === known.contentHash ? {} : ({ isRedacted: true } as const)
  return { source: event.source, id: event.id, ...known, recordedAt: fixedTimeText(recordedAt), ...redacted, ...own }
}

async function lines(events: readonly LoggedEvent[], of: (event: LoggedEvent) => unknown): Promise<string> {
  const pieces: string[] = []
  for (const [i, event] of events.entries()) {
    if (i > 0 && i % eventsPerTurn === 0) await setImmediate()
    const line = of(event)
    if (line !== undefined) pieces.push(`${JSON.stringify(line)}\n`)
  }
  return pieces.join('')
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.trimEnd().split('\n')
}
