import { describe, expect, test } from 'vitest'
import { readXml } from './read-xml.ts'
import { bytePieces } from './testing/byte-pieces.ts'
import { XesEvents } from './xes-events.ts'

/** The events of a log, each as its attributes and those of its trace. */
async function read(...pieces: readonly string[]) {
  const events = new XesEvents()
  const batches: string[][] = []
  for await (const _ of readXml(bytePieces(...pieces), 'utf-8', events)) {
    const taken = events.taken()
    batches.push(
      taken.map(
        ({ trace, attributes, line }) => `${line} ${JSON.stringify([...attributes, ...trace]).replaceAll('"', '')}`,
      ),
    )
  }
  return {
    events: batches.flat(),
    sizes: batches.map(({ length }) => length),
    traces: events.traces,
    remarks: events.remarks,
  }
}

describe('an event', () => {
  test('has its own attributes and those of its trace, wherever these stand', async () => {
    const text = `<log>
<trace><string key="concept:name" value="SO-1"/><event><string key="a" value="1"/></event>
<event><int key="b" value="2"/><date key="c" value="3"/></event><float key="d" value="4"/></trace>
<trace><event/></trace>
</log>`
    expect(await read(text)).toMatchObject({
      events: [
        '2 [[a,1],[case:concept:name,SO-1],[case:d,4]]',
        '3 [[b,2],[c,3],[case:concept:name,SO-1],[case:d,4]]',
        '4 []',
      ],
      traces: 2,
    })
  })

  test('may stand outside of a trace', async () => {
    const text = '<log><trace><string key="x" value="1"/><event/></trace><event><id key="a" value="1"/></event></log>'
    expect(await read(text)).toMatchObject({ events: ['1 [[case:x,1]]', '1 [[a,1]]'], traces: 1 })
  })

  test('without a key or value has an empty one', async () => {
    expect((await read('<log><event><boolean value="true"/><string key="a"/></event></log>')).events).toEqual([
      '1 [[,true],[a,]]',
    ])
  })

  test('is passed on with its trace, and from a long one before its end', async () => {
    const many = (count: number) => '<event/>'.repeat(count)
    const begun = '<log><trace><string key="x" value="1"/>'
    expect((await read(`${begun}${many(9_999)}`, '</trace></log>')).sizes).toEqual([0, 9_999, 0])
    expect((await read(`${begun}${many(10_001)}`, '</trace></log>')).sizes).toEqual([10_000, 1, 0])
    expect((await read(`${begun}${many(20_000)}`, '</trace></log>')).sizes).toEqual([20_000, 0, 0])
  })
})

test('what is not read is remarked', async () => {
  const { remarks, traces } = await read(
    `<log><string key="a"><string key="b"/></string><global><string key="c"><string key="d"/></string></global>
<trace>
<list key="e"><string key="f"/></list></trace>
<trace><string key="g"><string key="h"/></string>
<event><values/><container/><string key="i"><int key="j"/></string></event></trace>
<trace><event/></trace></log>`,
  )
  expect(traces).toBe(3)
  expect(remarks.remark('empty_traces', () => '')).toMatchObject({ count: 1, lines: [2] })
  expect(remarks.remark('nested_attributes', () => '')).toMatchObject({ count: 5, lines: [3, 4, 5, 5, 5] })
})

test.for([
  ['<log><objects/></log>', 'object-centric'],
  ['<log><events/></log>', 'object-centric'],
  ['<log><event-types/></log>', 'object-centric'],
  ['<orders/>', 'with the root orders'],
] as const)('%s is refused: %s', async ([text, reason]) => {
  await expect(read(text)).rejects.toThrow(reason)
})

test('only elements of the log itself make it object-centric', async () => {
  expect((await read('<log><trace><objects/><event/></trace></log>')).events).toHaveLength(1)
})

test('an XML text without elements ends at sixteen million characters', async () => {
  const most = 16 * 1024 * 1024
  const text = 'x'.repeat(most / 4)
  const log = (...pieces: readonly string[]) => read('<log>', ...pieces, '<event/></log>')
  expect((await log(text, text, text, 'x'.repeat(most / 4 - 20))).events).toHaveLength(1)
  await expect(log(text, text, text, text, 'x')).rejects.toThrow(`more than ${most} characters without an element`)
  // Each tag is an end of the text, be it one that opens or one that closes an element.
  expect((await log(text, text, '<trace>', text, text, '</trace>', text, 'x')).events).toHaveLength(1)
  expect((await log('<trace>', text, text, text, '</trace>', text, text)).events).toHaveLength(1)
  expect((await log(text, text, text, '<trace>', text, text, '</trace>')).events).toHaveLength(1)
})

test.for([
  ['<log><trace></log>', 'unexpected close tag'],
  ['<log><trace>', 'unclosed tag'],
  ['<log>', 'unclosed tag'],
  ['<log/><log/>', 'damaged or cut off'],
] as const)('%s is damaged', async ([text, reason]) => {
  await expect(read(text)).rejects.toThrow(reason)
})
