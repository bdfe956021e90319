import type { ImportColumn, ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { headerKey } from './find-columns.ts'

/** A file format of a well-known program. */
export interface KnownExport {
  /** Name used to select it: `--preset shopify`. */
  readonly name: string
  readonly title: string
  /** Headers that identify the format; all of them have to be present. */
  readonly headers: readonly string[]
  readonly rows: NonNullable<ImportMapping['rows']>
  /** Headers of each column, in order of preference; columns that the format lacks are omitted. */
  readonly columns: { readonly [Name in ImportColumn]?: readonly string[] }
  /** For a file with one row per order: its time columns, in the order of the stages. */
  readonly milestones?: readonly { readonly headers: readonly string[]; readonly stage: string }[]
  /** Time zone of times without offset. */
  readonly timezone?: string
}

const china = 'Asia/Shanghai'

/** If two match, the first one wins. */
export const knownExports: readonly KnownExport[] = [
  {
    name: 'pm4py',
    title: 'pm4py, event log as CSV',
    headers: ['case:concept:name', 'concept:name', 'time:timestamp'],
    rows: 'events',
    columns: {
      order: ['case:concept:name'],
      stage: ['concept:name'],
      time: ['time:timestamp'],
      startedAt: ['start_timestamp'],
      actor: ['org:resource'],
      department: ['org:group', 'org:role'],
    },
  },
  {
    name: 'disco',
    title: 'Fluxicon Disco, event log as CSV',
    headers: ['Case ID', 'Activity', 'Complete Timestamp', 'Variant index'],
    rows: 'events',
    columns: {
      order: ['Case ID'],
      stage: ['Activity'],
      time: ['Complete Timestamp'],
      startedAt: ['Start Timestamp'],
      actor: ['Resource'],
    },
  },
  {
    name: 'celonis',
    title: 'Celonis, activity table',
    headers: ['_CASE_KEY', 'ACTIVITY_EN', 'EVENTTIME'],
    rows: 'events',
    columns: {
      order: ['_CASE_KEY'],
      stage: ['ACTIVITY_EN'],
      time: ['EVENTTIME'],
      actor: ['USER_NAME'],
    },
  },
  {
    name: 'uipath',
    title: 'UiPath Process Mining, Event_log',
    headers: ['Case_ID', 'Activity', 'Event_end'],
    rows: 'events',
    columns: {
      order: ['Case_ID'],
      stage: ['Activity'],
      time: ['Event_end'],
      startedAt: ['Event_start'],
      actor: ['User'],
      department: ['Team'],
    },
  },
  {
    name: 'apromore',
    title: 'Apromore, event log as CSV',
    headers: ['case_id', 'activity', 'start_timestamp', 'end_timestamp'],
    rows: 'events',
    columns: {
      order: ['case_id'],
      stage: ['activity'],
      time: ['end_timestamp'],
      startedAt: ['start_timestamp'],
      actor: ['resource'],
    },
  },
  {
    name: 'shopify',
    title: 'Shopify, orders',
    headers: ['Name', 'Financial Status', 'Paid at', 'Fulfilled at', 'Lineitem name'],
    rows: 'wide',
    columns: {
      order: ['Name'],
      customer: ['Billing Company', 'Billing Name', 'Shipping Name'],
      product: ['Lineitem name'],
      quantity: ['Lineitem quantity'],
      amount: ['Total'],
      currency: ['Currency'],
      time: ['Created at'],
    },
    milestones: [
      { headers: ['Created at'], stage: 'placed' },
      { headers: ['Paid at'], stage: 'paid' },
      { headers: ['Fulfilled at'], stage: 'fulfilled' },
      { headers: ['Cancelled at'], stage: 'cancelled' },
    ],
  },
  {
    name: 'woocommerce',
    title: 'WooCommerce, orders',
    headers: ['Order Number', 'Order Status', 'Order Date'],
    rows: 'events',
    columns: {
      order: ['Order Number'],
      stage: ['Order Status'],
      time: ['Order Date'],
      customer: ['Customer Name', 'Company (Billing)'],
      amount: ['Order Total Amount', 'Order Total'],
      quantity: ['Quantity'],
      product: ['Item Name', 'Product Name'],
    },
  },
  {
    name: 'amazon',
    title: 'Amazon, all orders (flat file)',
    headers: ['amazon-order-id', 'purchase-date', 'last-updated-date', 'order-status'],
    rows: 'events',
    columns: {
      order: ['amazon-order-id'],
      stage: ['order-status'],
      time: ['last-updated-date'],
      product: ['product-name'],
      quantity: ['quantity'],
      amount: ['item-price'],
      currency: ['currency'],
    },
  },
  {
    name: 'amazon-unshipped',
    title: 'Amazon, unshipped orders (flat file)',
    headers: ['order-id', 'order-item-id', 'purchase-date', 'payments-date'],
    rows: 'wide',
    columns: {
      order: ['order-id'],
      customer: ['buyer-name', 'recipient-name'],
      product: ['product-name'],
      promisedAt: ['promise-date', 'latest-ship-date'],
      quantity: ['quantity-purchased'],
      time: ['purchase-date'],
    },
    milestones: [
      { headers: ['purchase-date'], stage: 'ordered' },
      { headers: ['payments-date'], stage: 'paid' },
    ],
  },
  {
    name: 'odoo',
    title: 'Odoo, sales orders',
    headers: ['Order Reference', 'Customer', 'Salesperson'],
    rows: 'orders',
    columns: {
      order: ['Order Reference'],
      customer: ['Customer'],
      department: ['Sales Team'],
      promisedAt: ['Delivery Date', 'Commitment Date', 'Expected Date'],
      amount: ['Total'],
      currency: ['Currency'],
      time: ['Order Date', 'Creation Date'],
    },
  },
  {
    name: 'erpnext',
    title: 'ERPNext, sales orders',
    headers: ['ID', 'Customer', 'Delivery Date', 'Grand Total'],
    rows: 'orders',
    columns: {
      order: ['ID'],
      customer: ['Customer Name', 'Customer'],
      promisedAt: ['Delivery Date'],
      amount: ['Grand Total'],
      quantity: ['Total Quantity'],
      currency: ['Currency'],
      time: ['Date'],
    },
  },
  {
    name: 'sap-orders',
    title: 'SAP, sales documents (VBAK)',
    headers: ['VBELN', 'ERDAT', 'ERZET'],
    rows: 'orders',
    columns: {
      order: ['VBELN'],
      customer: ['KUNNR'],
      product: ['MATNR'],
      promisedAt: ['VDATU'],
      quantity: ['KWMENG'],
      amount: ['NETWR'],
      currency: ['WAERK'],
      department: ['VKBUR'],
      time: ['ERDAT'],
      timeOfDay: ['ERZET'],
    },
  },
  {
    name: 'sap-changes',
    title: 'SAP, change documents (CDHDR)',
    headers: ['OBJECTID', 'TCODE', 'UDATE', 'UTIME'],
    rows: 'events',
    columns: {
      order: ['OBJECTID'],
      stage: ['TCODE'],
      time: ['UDATE'],
      timeOfDay: ['UTIME'],
      actor: ['USERNAME'],
    },
  },
  {
    name: 'kingdee',
    title: '金蝶云星空，销售订单',
    headers: ['单据编号', '日期', '客户', '单据状态'],
    rows: 'orders',
    columns: {
      order: ['单据编号'],
      customer: ['客户'],
      product: ['物料名称'],
      promisedAt: ['要货日期', '交货日期'],
      quantity: ['销售数量', '数量'],
      amount: ['价税合计'],
      currency: ['结算币别', '币别'],
      department: ['销售部门'],
      time: ['日期'],
    },
    timezone: china,
  },
  {
    name: 'yonyou',
    title: '用友 U8，销售订单',
    headers: ['订单号', '客户简称', '存货名称'],
    rows: 'orders',
    columns: {
      order: ['订单号'],
      customer: ['客户简称'],
      product: ['存货名称'],
      promisedAt: ['预发货日期', '预完工日期'],
      quantity: ['数量'],
      amount: ['价税合计', '原币价税合计'],
      currency: ['币种'],
      department: ['销售部门', '部门'],
      time: ['订单日期', '日期'],
    },
    timezone: china,
  },
  {
    name: 'jiandaoyun',
    title: '简道云，流程日志',
    headers: ['流水号', '节点名称'],
    rows: 'events',
    columns: {
      order: ['流水号'],
      stage: ['节点名称'],
      time: ['操作时间', '处理时间', '完成时间', '更新时间'],
      actor: ['处理人', '操作人', '负责人'],
    },
    timezone: china,
  },
  {
    name: 'jiandaoyun-data',
    title: '简道云，表单数据',
    headers: ['流水号', '当前节点', '更新时间'],
    rows: 'events',
    columns: {
      order: ['流水号'],
      stage: ['当前节点'],
      time: ['更新时间'],
      actor: ['当前负责人', '当前节点负责人'],
    },
    timezone: china,
  },
  {
    name: 'jushuitan',
    title: '聚水潭，订单',
    headers: ['内部订单号', '线上订单号'],
    rows: 'wide',
    columns: {
      order: ['内部订单号'],
      customer: ['买家账号', '买家帐号'],
      product: ['商品名称'],
      promisedAt: ['计划发货日期', '计划发货时间'],
      quantity: ['数量', '商品数量'],
      amount: ['应付金额', '已付金额'],
      waybill: ['快递单号'],
      time: ['下单时间', '订单日期'],
    },
    milestones: [
      { headers: ['下单时间', '订单日期'], stage: '下单' },
      { headers: ['付款时间', '付款日期'], stage: '付款' },
      { headers: ['发货时间', '发货日期'], stage: '发货' },
      { headers: ['签收时间', '签收日期'], stage: '签收' },
    ],
    timezone: china,
  },
  {
    name: 'wangdiantong',
    title: '旺店通，订单',
    headers: ['订单编号', '原始单号'],
    rows: 'wide',
    columns: {
      order: ['订单编号'],
      customer: ['客户网名', '买家昵称'],
      product: ['货品名称'],
      quantity: ['货品数量', '货品总数'],
      amount: ['应收金额', '实付金额'],
      waybill: ['物流单号'],
      time: ['下单时间', '交易时间'],
    },
    milestones: [
      { headers: ['下单时间', '交易时间'], stage: '下单' },
      { headers: ['付款时间'], stage: '付款' },
      { headers: ['审核时间'], stage: '审核' },
      { headers: ['发货时间'], stage: '发货' },
    ],
    timezone: china,
  },
  {
    name: 'alipay',
    title: '支付宝，交易记录',
    headers: ['商家订单号', '交易创建时间', '付款时间', '交易状态'],
    rows: 'wide',
    columns: {
      order: ['商家订单号'],
      customer: ['交易对方'],
      product: ['商品名称'],
      amount: ['金额（元）'],
      time: ['交易创建时间'],
    },
    milestones: [
      { headers: ['交易创建时间'], stage: '下单' },
      { headers: ['付款时间'], stage: '付款' },
    ],
    timezone: china,
  },
  {
    name: 'alipay-bill',
    title: '支付宝，账单明细',
    headers: ['交易时间', '交易状态', '交易订单号', '商家订单号'],
    rows: 'events',
    columns: {
      order: ['商家订单号'],
      stage: ['交易状态'],
      time: ['交易时间'],
      customer: ['交易对方'],
      product: ['商品说明'],
      amount: ['金额'],
    },
    timezone: china,
  },
]

/** Mapping of a known export for a file with this header; columns and milestones that the file lacks are omitted. */
export function mappingOfExport({ rows, columns, milestones = [], timezone }: KnownExport, header: readonly string[]) {
  const presentIn = headersIn(header)
  const found = Object.entries(columns).flatMap(([name, known]) => {
    const present = known.find(presentIn)
    return present === undefined ? [] : [[name, present] as const]
  })
  const reached = milestones.flatMap(({ headers, stage }) => {
    const column = headers.find(presentIn)
    return column === undefined ? [] : [{ column, stage }]
  })
  return {
    rows,
    columns: Object.fromEntries(found),
    ...(reached.length > 0 && { milestones: reached }),
    ...(timezone !== undefined && { timezone }),
  } satisfies ImportMapping
}

/** Returns undefined if no known export has this header, or if the export lacks all of its time columns. */
export function recognizedExport(header: readonly string[]): KnownExport | undefined {
  const presentIn = headersIn(header)
  return knownExports.find((known) => {
    if (!known.headers.every(presentIn)) return false
    const { columns, milestones } = mappingOfExport(known, header)
    return known.rows === 'wide' ? milestones !== undefined : known.rows === 'orders' || 'time' in columns
  })
}

function headersIn(header: readonly string[]): (name: string) => boolean {
  const keys = new Set(header.map(headerKey))
  return (name) => keys.has(headerKey(name))
}
