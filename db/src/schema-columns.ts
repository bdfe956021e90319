import { text, timestamp } from 'drizzle-orm/pg-core'

export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })
/** Every key begins with it, so that nothing crosses sites. */
export const site = () => text('site').notNull()
