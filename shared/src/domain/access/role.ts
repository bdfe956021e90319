/** What people may be at a site, from most to least. */
export const roles = ['administrator', 'manager', 'lead', 'operator', 'viewer'] as const

export type Role = (typeof roles)[number]
