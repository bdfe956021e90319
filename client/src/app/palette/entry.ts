import type { OrderSummary } from '@stagewatch/shared/contract/orders.ts'
import type { LucideIcon } from 'lucide-react'

export const entryGroups = ['orders', 'pages', 'sites', 'commands'] as const

/** What the palette offers: a line to choose. */
export interface Entry {
  readonly id: string
  readonly group: (typeof entryGroups)[number]
  readonly text: string
  /** Besides its text: what it is found by, in any language. */
  readonly words?: string
  /** Undefined: it has none, or it is an order. */
  readonly icon?: LucideIcon
  /** Its state is shown beside it. */
  readonly order?: OrderSummary
  readonly keys?: string
  /** Whether the palette stays open. */
  readonly stays?: true
  readonly run: () => void
}

/** Those that have every word of what was typed, in upper or lower case. */
export function matchingEntries(entries: readonly Entry[], typed: string): readonly Entry[] {
  const asked = typed.toLowerCase().split(/\s+/)
  return entries.filter(({ text, words = '' }) => {
    const own = `${text} ${words}`.toLowerCase()
    return asked.every((word) => own.includes(word))
  })
}
