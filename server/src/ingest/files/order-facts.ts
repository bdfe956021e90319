import type { factColumns } from './find-columns.ts'
import type { RowCells } from './row-cells.ts'

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
