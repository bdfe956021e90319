/** Roles at a site, from most to least permissions. */
export const roles = ['administrator', 'manager', 'lead', 'operator', 'viewer'] as const

export type Role = (typeof roles)[number]
