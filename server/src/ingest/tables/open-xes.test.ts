import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { encodeText } from './testing/encode-text.ts'
import { readTable } from './testing/read-table.ts'

const event = (name: string, at: string, more = '') =>
  `<event><string key="concept:name" value="${name}"/><date key="time:timestamp" value="${at}"/>${more}</event>`
const log = `<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
  <classifier name="Activity" keys="concept:name"/>
  <string key="concept:name" value="the log"/>
  <trace>
    <string key="concept:name" value="SO-1"/><string key="customer" value="A &amp; B"/>
    ${event('pick', '2026-11-03T08:00:00.000+08:00', '<string key="org:resource" value="Li"/>')}
    ${event('pack &lt;1&gt;', '2026-11-03T09:00:00.000+08:00', '<string key="note" value="x"><int key="nested" value="1"/></string>')}
  </trace>
  <trace><string key="concept:name" value="SO-2"/></trace>
  <trace>
    ${event('pick', '2026-11-03T10:00:00.000+08:00', '<int key="weight" value="5"/><boolean key="rush" value="true"/>')}
    <string key="concept:name" value="SO-3"/>
  </trace>
</log>`
const header = [
  'case:concept:name',
  'concept:name',
  'time:timestamp',
  'org:resource',
  'case:customer',
  'note',
  'weight',
  'rush',
]

test('events become rows with the attributes of their traces', async () => {
  const { header: names, records, facts, remarks } = await readTable(log)
  expect(names).toEqual(header)
  expect(records.map(({ cells }) => cells)).toEqual([
    ['SO-1', 'pick', '2026-11-03T08:00:00.000+08:00', 'Li', 'A & B', '', '', ''],
    ['SO-1', 'pack <1>', '2026-11-03T09:00:00.000+08:00', '', 'A & B', 'x', '', ''],
    ['SO-3', 'pick', '2026-11-03T10:00:00.000+08:00', '', '', '', '5', 'true'],
  ])
  expect(records.map(({ line }) => line)).toEqual([8, 9, 13])
  expect(facts).toMatchObject({ kind: 'xes', traces: 3, rows: 3 })
  expect(remarks.map(({ code }) => code)).toEqual(['empty_traces', 'nested_attributes'])
})

const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>\n${log.replace('>SO', '>SO')}`
test.for<[string, Uint8Array]>([
  ['with a byte order mark', Buffer.from(`\uFEFF${declared('UTF-8')}`)],
  ['in UTF-16', Buffer.from(`\uFEFF${declared('UTF-16')}`, 'utf16le')],
  ['gzipped', gzipSync(declared('UTF-8'))],
  ['zipped', zipSync({ 'log.xes': Buffer.from(log) })],
])('%s', async ([, bytes]) => {
  expect((await readTable(bytes)).header).toEqual(header)
})

test('the declaration tells an encoding that the bytes do not', async () => {
  const text = declared('ISO-8859-1').replaceAll('A &amp; B', 'Müller')
  const { cells } = await readTable(encodeText(text, 'windows-1252'))
  expect(cells[0]).toContain('Müller')
})

test.for([
  ['another root', '<?xml version="1.0"?><orders><order/></orders>', 'with the root orders'],
  ['an object-centric log', '<?xml version="1.0"?><log><events/></log>', 'OCEL'],
  ['no events', '<log xes.version="1.0"><trace/></log>', 'no events'],
  ['a log that was cut off', log.slice(0, 900), 'damaged or cut off'],
] as const)('%s is refused', async ([, text, reason]) => {
  await expect(readTable(text)).rejects.toThrow(reason)
})

test('more attributes than a table may have columns are named', async () => {
  const many = Array.from({ length: 210 }, (_, i) => `<string key="a${i}" value="v"/>`).join('')
  const { header: names, remarks } = await readTable(
    `<log><trace>${event('x', '2026-11-03T08:00:00Z', many)}</trace></log>`,
  )
  expect(names.length).toBe(200)
  expect(remarks).toMatchObject([{ code: 'ignored_columns', count: 12 }])
})

test('the attributes of the standard come first, the others as they occur', async () => {
  const attributes = (...names: readonly string[]) =>
    names.map((name) => `<string key="${name}" value="${name}"/>`).join('')
  const { header: names, records } = await readTable(
    `<log><trace>${attributes('b', 'concept:name')}<event>${attributes('z', 'org:group', 'time:timestamp')}</event></trace><event>${attributes('lifecycle:transition', 'a', 'concept:name')}</event></log>`,
  )
  expect(names).toEqual([
    'case:concept:name',
    'concept:name',
    'time:timestamp',
    'lifecycle:transition',
    'org:group',
    'case:b',
    'z',
    'a',
  ])
  expect(records.map(({ row, cells }) => [row, cells.join(',')])).toEqual([
    [1, 'concept:name,,time:timestamp,,org:group,b,z,'],
    [2, ',concept:name,,lifecycle:transition,,,,a'],
  ])
})

test('an encoding is that of the bytes, else that of the declaration, and one that is told', async () => {
  const named = (encoding: string, value: string) =>
    `<?xml version="1.0" ${encoding}?><log><event><string key="a" value="${value}"/></event></log>`
  const read = async (bytes: Uint8Array, encoding?: string) => {
    const { cells, facts } = await readTable(bytes, { encoding })
    return [cells[0]?.[0], facts.encoding?.name]
  }
  expect(await read(Buffer.from(named('encoding="GBK"', '包装')))).toEqual(['包装', 'utf-8'])
  expect(await read(encodeText(named('encoding="windows-1250"', 'příjem'), 'windows-1250'))).toEqual(['příjem', 'windows-1250']) // prettier-ignore
  expect(await read(encodeText(named("encoding='GBK'", '包'), 'gb18030'))).toEqual(['包', 'GBK'])
  // A declaration of UTF-8 is wrong if the bytes are not valid.
  const german = encodeText(named('encoding="UTF-8"', 'Prüfung für Jürgen'), 'windows-1252')
  expect(await read(german)).toEqual(['Prüfung für Jürgen', 'windows-1252'])
  expect(await read(german, 'windows-1254')).toEqual(['Prüfung für Jürgen', 'windows-1254'])
  expect(await read(encodeText(named('', 'Prüfung für Jürgen'), 'windows-1252'))).toEqual(['Prüfung für Jürgen', 'windows-1252']) // prettier-ignore
})

test('of attributes that are not read five are named', async () => {
  const remarkOf = async (count: number) => {
    const many = Array.from({ length: count }, (_, i) => `<string key="a${i}" value="v"/>`).join('')
    const { header: names, remarks } = await readTable(`<log><event>${many}</event></log>`)
    return [names.length, ...remarks.map(({ code, count: ignored, params }) => [code, ignored, params])]
  }
  expect(await remarkOf(200)).toEqual([200])
  const five = { attributes: 'a200, a201, a202, a203, a204' }
  expect(await remarkOf(205)).toEqual([200, ['ignored_columns', 5, five]])
  expect(await remarkOf(206)).toEqual([200, ['ignored_columns', 6, five]])
  expect(await remarkOf(500)).toEqual([200, ['ignored_columns', 200, five]])
})
