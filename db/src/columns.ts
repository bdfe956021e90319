import { text, timestamp } from 'drizzle-orm/pg-core'

export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** Nothing crosses sites, so nearly every key begins with one. */
export const site = () => text('site').notNull()
