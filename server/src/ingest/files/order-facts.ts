import type { RowCells } from './row-cells.ts'

/** Columns with facts of an order, which rows of every kind may have. */
export const factColumns = {
  customer: ['customer', '客户', 'customer_name', '客户名称', '客户简称', '购货单位'],
  customerClass: ['customer_class', '客户等级'],
  product: ['product', '产品', 'product_name', '产品名称', '商品名称', '物料名称'],
  department: ['department', 'org:group', '部门', 'team', 'org:role'],
  promisedAt: ['due_at', 'promised_at', '承诺交期', 'due_date', 'delivery_date', '交货日期', '要货日期'],
  quantity: ['quantity', '数量', 'qty'],
  amount: ['amount', '金额', 'total', 'order_total', 'grand_total', '价税合计'],
  currency: ['currency', '币种', '币别'],
  priority: ['priority', '优先级'],
  waybill: ['waybill', 'waybill_no', 'tracking_number', '运单号', '快递单号', '物流单号'],
} as const

/** Undefined if the row does not contain the value. */
export interface OrderFacts {
  readonly customer?: string | undefined
  readonly customerClass?: string | undefined
  readonly product?: string | undefined
  readonly department?: string | undefined
  /** Epoch ms. */
  readonly promisedAt?: number | undefined
  readonly quantity?: number | undefined
  readonly amount?: number | undefined
  readonly currency?: string | undefined
  readonly priority?: string | undefined
  readonly waybill?: string | undefined
}

export function readFacts(cells: RowCells<keyof typeof factColumns>): OrderFacts {
  return {
    promisedAt: cells.instant('promisedAt', { endOfDay: true }),
    customer: cells.text('customer'),
    customerClass: cells.text('customerClass'),
    product: cells.text('product'),
    department: cells.text('department'),
    quantity: cells.number('quantity'),
    amount: cells.number('amount'),
    currency: readCurrency(cells),
    priority: cells.text('priority'),
    waybill: cells.label('waybill', 'code'),
  }
}

/** Non-standard currency names that no other currency shares. */
const currencyNames: Readonly<Record<string, string>> = { '€': 'EUR', '£': 'GBP', 元: 'CNY', 人民币: 'CNY', RMB: 'CNY' }

function readCurrency(cells: RowCells<keyof typeof factColumns>): string | undefined {
  const text = cells.label('currency', 'code')?.toUpperCase()
  if (text === undefined) return undefined
  const code = currencyNames[text] ?? text
  return /^[A-Z]{3}$/.test(code) ? code : cells.leaveOut('currency', text, 'is no code of a currency such as EUR')
}
