import { importMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { expect, test } from 'vitest'
import { eventFileColumns } from './event-row.ts'
import { knownExports, mappingOfExport, recognizedExport } from './known-exports.ts'
import { orderFileColumns } from './order-row.ts'

/** Headers as written by the programs. */
const written: Readonly<Record<string, string>> = {
  pm4py: 'case:concept:name,concept:name,time:timestamp,org:resource,start_timestamp',
  disco: 'Case ID,Activity,Resource,Start Timestamp,Complete Timestamp,Variant,Variant index',
  celonis: '_CASE_KEY,ACTIVITY_DE,ACTIVITY_EN,EVENTTIME,_SORTING,USER_NAME',
  uipath: 'Activity,Case_ID,Event_end,Event_start,Event_detail,Automated,Team,User',
  apromore: 'case_id,activity,start_timestamp,end_timestamp,resource',
  shopify:
    'Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name',
  woocommerce: 'Order Number,Order Status,Order Date,Customer Name',
  amazon:
    'amazon-order-id,merchant-order-id,purchase-date,last-updated-date,order-status,fulfillment-channel,sales-channel,product-name,sku,item-status,quantity,currency,item-price',
  'amazon-unshipped':
    'order-id,order-item-id,purchase-date,payments-date,reporting-date,promise-date,days-past-promise,buyer-email,sku,product-name,quantity-purchased',
  odoo: 'Order Reference,Order Date,Customer,Salesperson,Company,Total,Status',
  erpnext: 'ID,Customer,Customer Name,Date,Delivery Date,Status,Grand Total',
  'sap-orders': 'MANDT,VBELN,ERDAT,ERZET,ERNAM,AUDAT,NETWR,WAERK,VKBUR,VDATU,KUNNR',
  'sap-changes': 'OBJECTCLAS,OBJECTID,CHANGENR,USERNAME,UDATE,UTIME,TCODE',
  kingdee: '单据编号,日期,客户,单据状态,物料名称,销售数量,价税合计,要货日期',
  yonyou: '订单号,订单日期,客户简称,存货名称,数量,价税合计,预发货日期',
  jiandaoyun: '流水号,节点名称,处理人,操作时间',
  'jiandaoyun-data': '流水号,当前节点,更新时间',
  jushuitan: '内部订单号,线上订单号,店铺,订单状态,下单时间,付款日期,发货日期,快递单号,买家账号',
  wangdiantong: '订单编号,原始单号,店铺,订单状态,下单时间,付款时间,审核时间,发货时间,物流单号',
  alipay:
    '交易号,商家订单号,交易创建时间,付款时间,最近修改时间,交易来源地,类型,交易对方,商品名称,金额（元）,收/支,交易状态',
  'alipay-bill':
    '交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注',
}

test.for(knownExports.map(({ name }) => name))('an export of %s is recognized, and its columns are found', (name) => {
  const header = (written[name] ?? '').split(',')
  const known = recognizedExport(header)
  expect(known?.name).toBe(name)
  const mapping = importMapping.parse(known && mappingOfExport(known, header))
  const columns = new Map(Object.entries(mapping.columns ?? {}))
  const read = {
    events: () => eventFileColumns(header, columns),
    orders: () => orderFileColumns(header, columns),
    wide: () => ({ order: columns.get('order'), time: mapping.milestones?.[1] }),
  }
  expect(read[mapping.rows ?? 'events']()).toMatchObject({ order: expect.anything(), time: expect.anything() })
})

test('a file of the documented format is of no known export', () => {
  expect(recognizedExport(['order_id', 'stage', 'timestamp', 'customer'])).toBeUndefined()
  expect(recognizedExport(['订单号', '环节', '时间', '客户'])).toBeUndefined()
})

test('an export of which a file has no time at all is not recognized', () => {
  expect(recognizedExport(['订单编号', '原始单号', '店铺'])).toBeUndefined()
  expect(recognizedExport(['订单编号', '原始单号', '审核时间'])?.name).toBe('wangdiantong')
  expect(recognizedExport(['订单编号', '审核时间'])).toBeUndefined()
  expect(recognizedExport(['流水号', '节点名称', '处理人'])).toBeUndefined()
})

test('an export is mapped to the columns and milestones that the file has', () => {
  const wangdiantong = knownExports.find(({ name }) => name === 'wangdiantong')
  expect(
    wangdiantong && mappingOfExport(wangdiantong, ['订单编号', '原始单号', '交易时间', '发货时间', '货品总数']),
  ).toEqual({
    rows: 'wide',
    columns: { order: '订单编号', quantity: '货品总数', time: '交易时间' },
    milestones: [
      { column: '交易时间', stage: '下单' },
      { column: '发货时间', stage: '发货' },
    ],
    timezone: 'Asia/Shanghai',
  })
  const pm4py = knownExports.find(({ name }) => name === 'pm4py')
  expect(pm4py && mappingOfExport(pm4py, ['case:concept:name', 'CONCEPT:NAME', 'time:timestamp'])).toEqual({
    rows: 'events',
    columns: { order: 'case:concept:name', stage: 'concept:name', time: 'time:timestamp' },
  })
})
