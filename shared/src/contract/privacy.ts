import { z } from 'zod'

/** See `Privacy` of the domain. */
export const privacy = z.strictObject({
  customers: z.enum(['shown', 'masked']),
  amounts: z.enum(['shown', 'hidden']),
  people: z.enum(['shown', 'team']),
})
