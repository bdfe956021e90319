import { plural, shownText } from '../../platform/english-text.ts'
import { FileError } from './file-error.ts'
import type { ByteSource } from './byte-source.ts'
import { readHead } from './byte-source.ts'
import { surveyBytes } from './detect-encoding.ts'
import { readXml } from './read-xml.ts'
import type { TableFile, TableOptions, TableRecord } from './table-file.ts'
import { maxColumns } from './table-file.ts'
import type { RemarkCounts, TableRemark } from './table-remarks.ts'
import type { XesEvent } from './xes-events.ts'
import { XesEvents } from './xes-events.ts'

/** Attributes of the standard extensions, which become the first columns. */
const firstColumns = [
  'case:concept:name',
  'concept:name',
  'time:timestamp',
  'lifecycle:transition',
  'org:resource',
  'org:group',
]

/**
 * Opens an event log (XES 1.0 and 2.0). A first pass finds its attributes, each of which becomes a column; those of a
 * trace are named `case:` and their key.
 * @throws AppError if it is another kind of XML, or damaged.
 */
export async function openXes(source: ByteSource, options: TableOptions): Promise<TableFile> {
  const encoding = options.encoding ?? (await xmlEncoding(source))
  const columns = new Set<string>()
  const ignored = new Set<string>()
  let events = 0
  for await (const some of readEvents(source, encoding, new XesEvents())) {
    events += some.length
    for (const { trace, attributes } of some) {
      for (const name of [...trace.keys(), ...attributes.keys()]) {
        if (columns.has(name)) continue
        if (columns.size < maxColumns) columns.add(name)
        else if (ignored.size < maxColumns) ignored.add(name)
      }
    }
  }
  if (events === 0) throw new FileError('bad_request', 'no_events', 'the event log has no events')
  const header = [
    ...firstColumns.filter((name) => columns.has(name)),
    ...[...columns].filter((name) => !firstColumns.includes(name)),
  ]
  return new XesFile(source, encoding, header, ignored)
}

/** Encoding detected from the bytes, or else from the declaration. */
async function xmlEncoding(source: ByteSource): Promise<string> {
  const { encoding } = await surveyBytes(source, undefined)
  if (encoding !== undefined && ['valid', 'marked'].includes(encoding.certainty)) return encoding.name
  const declared = /^<\?xml[^>]*encoding=["']([\w.:-]+)["']/.exec(
    (await readHead(source)).toString('latin1', 0, 200),
  )?.[1]
  return declared !== undefined && !/^utf-?8$/i.test(declared) ? declared : (encoding?.name ?? 'utf-8')
}

async function* readEvents(
  source: ByteSource,
  encoding: string,
  events: XesEvents,
): AsyncGenerator<readonly XesEvent[]> {
  for await (const _ of readXml(source, encoding, events)) yield events.taken()
}

class XesFile implements TableFile {
  readonly header: readonly string[]
  readonly sizeBytes: number
  readonly #source: ByteSource
  readonly #encoding: string
  readonly #ignored: ReadonlySet<string>
  #events = new XesEvents()
  #rows = 0

  constructor(source: ByteSource, encoding: string, header: readonly string[], ignored: ReadonlySet<string>) {
    this.header = header
    this.sizeBytes = source.sizeBytes
    this.#source = source
    this.#encoding = encoding
    this.#ignored = ignored
  }

  get batches(): AsyncIterable<readonly TableRecord[]> {
    return { [Symbol.asyncIterator]: () => this.#read() }
  }

  get facts() {
    return {
      kind: 'xes',
      compression: this.#source.compression,
      encoding: { name: this.#encoding, certainty: 'valid' },
      traces: this.#events.traces,
      rows: this.#rows,
    } as const
  }

  remarks(): readonly TableRemark[] {
    return xesRemarks(this.#events.remarks, this.#ignored)
  }

  readBytes(): number {
    return this.#source.readBytes()
  }

  async close(): Promise<void> {
    await this.#source.close()
  }

  async *#read(): AsyncGenerator<readonly TableRecord[]> {
    this.#events = new XesEvents()
    this.#rows = 0
    for await (const events of readEvents(this.#source, this.#encoding, this.#events)) {
      yield events.map(({ trace, attributes, line }) => {
        this.#rows += 1
        const cells = this.header.map((name) => attributes.get(name) ?? trace.get(name) ?? '')
        return { row: this.#rows, line, cells, problem: undefined, hasLineEnd: true }
      })
    }
  }
}

function xesRemarks(counts: RemarkCounts, ignored: ReadonlySet<string>): readonly TableRemark[] {
  const names = [...ignored].slice(0, 5).map(shownText).join(', ')
  const found = [
    counts.remark('empty_traces', (count, places) => `${plural(count, 'trace')} without events (${places})`),
    counts.remark(
      'nested_attributes',
      (count, places) => `${plural(count, 'attribute')} within attributes or lists not read (${places})`,
    ),
    ignored.size === 0
      ? undefined
      : {
          code: 'ignored_columns' as const,
          count: ignored.size,
          lines: [],
          params: { attributes: names },
          text: `only the first ${maxColumns} attributes are read; not read: ${names}${ignored.size > 5 ? ' …' : ''}`,
        },
  ]
  return found.filter((remark) => remark !== undefined)
}
