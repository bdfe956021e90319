import { describe, expect, it } from 'vitest'
import { eventColumns, findColumns, orderColumns } from './find-columns.ts'

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
})
