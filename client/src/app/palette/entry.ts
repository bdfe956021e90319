import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import type { LucideIcon } from 'lucide-react'

export const entryGroups = ['orders', 'pages', 'sites', 'commands'] as const

/** One option of the palette. */
export interface Entry {
  readonly id: string
  readonly group: (typeof entryGroups)[number]
  readonly text: string
  /** Additional search terms, in any language. */
  readonly words?: string
  /** Undefined: no icon, or an order. */
  readonly icon?: LucideIcon
  /** Shows the state of this order beside the text. */
  readonly order?: OrderSummary
  readonly keys?: string
  /** Keeps the palette open after the entry was chosen. */
  readonly stays?: true
  readonly run: () => void
}

/** The entries that contain every typed word, ignoring case. */
export function matchingEntries(entries: readonly Entry[], typed: string): readonly Entry[] {
  const asked = typed.toLowerCase().split(/\s+/)
  return entries.filter(({ text, words = '' }) => {
    const own = `${text} ${words}`.toLowerCase()
    return asked.every((word) => own.includes(word))
  })
}
