import { describe, expect, it } from 'vitest'
import { eventColumns, findColumns, isStateColumn, orderColumns, requireColumns } from './find-columns.ts'

/** Index of each column that was found in the file. */
function found(header: readonly string[], chosen: Readonly<Record<string, string>> = {}): Record<string, string> {
  const columns = findColumns(header, eventColumns, new Map(Object.entries(chosen)))
  return Object.fromEntries(Object.entries(columns).map(([name, { index }]) => [name, `${index + 1}`]))
}

describe('the columns of a file', () => {
  it('are found whatever the case, the blanks and the width of their headers', () => {
    expect(found(['Order ID', 'STAGE', ' Time_Stamp '])).toEqual({ order: '1', stage: '2', time: '3' })
    expect(found(['ｏｒｄｅｒ＿ｉｄ', 'Activity', 'time:timestamp'])).toEqual({ order: '1', stage: '2', time: '3' })
  })

  it.each([
    [
      ['Case ID', 'Activity', 'Resource', 'Start Timestamp', 'Complete Timestamp', 'Variant'],
      'order stage actor startedAt time',
    ],
    [['Order Number', 'Order Status', 'Order Date', 'Customer Name'], 'order stage time customer'],
    [['_CASE_KEY', 'ACTIVITY_EN', 'EVENTTIME', 'USER_NAME'], 'order stage time actor'],
    [
      ['Case ID', 'Activity', 'Event start', 'Event end', 'User', 'Team'],
      'order stage startedAt time actor department',
    ],
    [['单据编号', '单据日期', '购货单位', '单据状态'], 'order time customer stage'],
    [['流水号', '当前节点', '更新时间', '处理人'], 'order stage time actor'],
    [['Order', 'Stage', 'Time'], 'order stage time'],
    [['工单号', '工序', '报工时间'], 'order stage time'],
    [
      ['Auftrags-Nr.', 'Arbeitsschritt', 'Zeitpunkt', 'Kunde', 'Abteilung', 'Artikel', 'Liefertermin', 'Bearbeiter'],
      'order stage time customer department product promisedAt actor',
    ],
    [
      ['Auftragsnr.', 'Arbeitsgang', 'Datum', 'Menge', 'Betrag', 'Währung'],
      'order stage time quantity amount currency',
    ],
    [['訂單編號', '狀態', '時間'], 'order stage time'],
    [['注文番号', '工程', '日時'], 'order stage time'],
    [['Auftrag', 'Vorgang', 'Zeitstempel'], 'order stage time'],
    [['N°', 'Numéro de commande', 'Étape', 'Horodatage'], '- order stage time'],
  ])('are those of a well-known export: %j', (header, names) => {
    const places = names
      .split(' ')
      .map((name, index) => [name, String(index + 1)] as const)
      .filter(([name]) => name !== '-')
    expect(found(header)).toEqual(Object.fromEntries(places))
  })

  it('are the preferred ones where several fit', () => {
    expect(found(['时间', 'timestamp', 'order', 'order_id', 'stage'])).toEqual({ time: '2', order: '4', stage: '5' })
  })

  it('are those that a person names, by header or place', () => {
    const header = ['id', 'step', 'at', 'timestamp']
    expect(found(header, { order: 'ID', stage: '2', time: 'at' })).toEqual({ order: '1', stage: '2', time: '3' })
    expect(() => found(header, { order: 'nummer' })).toThrow(
      'no column nummer for order; it has: id, step, at, timestamp',
    )
    expect(() => found(header, { order: '5' })).toThrow('no column 5 for order')
  })

  it('are not guessed where two have the same name', () => {
    const header = ['order_id', 'stage', 'timestamp', 'customer', 'Timestamp', 'customer']
    expect(() => found(header)).toThrow(
      '2 columns called timestamp, in places 3 and 5; say which one is meant with --column time=3',
    )
    expect(() => found(header, { time: '5' })).toThrow('2 columns called customer, in places 4 and 6')
    expect(found(header, { time: '5', customer: '6' })).toMatchObject({ order: '1', time: '5', customer: '6' })
    // Duplicate headers are allowed in columns that are not read.
    expect(found(['order_id', 'stage', 'timestamp', 'note', 'note'])).toEqual({ order: '1', stage: '2', time: '3' })
  })

  it('of orders are found alike', () => {
    const columns = findColumns(['Order No', 'Qty', 'Grand Total', 'Delivery Date'], orderColumns)
    expect(Object.keys(columns).toSorted()).toEqual(['amount', 'order', 'promisedAt', 'quantity'])
  })

  it.each<[string, Readonly<Record<string, readonly string[]>>]>([
    ['events', eventColumns],
    ['orders', orderColumns],
  ])('of %s have no name in common', (_, known) => {
    for (const [name, aliases] of Object.entries(known))
      for (const alias of aliases) expect([alias, ...Object.keys(findColumns([alias], known))]).toEqual([alias, name])
  })

  it('may be named by a header that is a number, or else by their place', () => {
    expect(found(['7', '2', '1'], { order: '1', stage: '2', time: '7' })).toEqual({ order: '3', stage: '2', time: '1' })
    expect(found(['a', 'b', 'c'], { order: '1', stage: '3' })).toEqual({ order: '1', stage: '3' })
    for (const place of ['0', '4', '1000', '-1', '1.5'])
      expect(() => found(['a', 'b', 'c'], { order: place })).toThrow(`no column ${place} for order`)
  })

  it('that a person names are not taken for anything else', () => {
    expect(found(['order', 'timestamp', 'stage'], { startedAt: 'timestamp' })).toEqual({
      order: '1',
      startedAt: '2',
      stage: '3',
    })
  })

  it('are listed up to the twentieth where one is missing', () => {
    const header = (count: number) => Array.from({ length: count }, (_, i) => `c${i + 1}`)
    expect(() => found(header(20), { order: 'x' })).toThrow(/ c19, c20$/)
    expect(() => found(header(23), { order: 'x' })).toThrow(/ c19, c20 and 3 more$/)
  })

  it('are all named that a file lacks', () => {
    const require = (header: readonly string[], names: readonly ('order' | 'stage' | 'time')[], hint?: string) => () =>
      requireColumns(findColumns(header, eventColumns), names, eventColumns, header, hint)
    expect(require(['order', 'x'], ['order'])).not.toThrow()
    expect(require(['x'], ['order', 'time'])).toThrow(
      'the file has no columns for order, such as order_id, order, case:concept:name, case_id, 订单号; for time, such as timestamp, time:timestamp, occurred_at, 时间, complete_timestamp; it has: x. Say which ones they are with --column order=HEADER --column time=HEADER',
    )
    expect(require(['order'], ['order', 'stage'], ', or not')).toThrow(
      'the file has no column for stage, such as stage, activity, concept:name, 环节, activity_name; it has: order. Say which one it is with --column stage=HEADER, or not',
    )
  })

  it.each([
    ['Order Status', true],
    ['ＳＴＡＴＥ', true],
    ['订单状态', true],
    ['stage', false],
  ])('called %s has the state of an order: %s', (header, isState) => {
    expect(isStateColumn({ index: 0, header })).toBe(isState)
  })
})
