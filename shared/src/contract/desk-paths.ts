/** Addresses that the desk page answers: the server serves it for each, its router shows what belongs there. */
export const deskPaths = [
  '/sign-in',
  '/setup',
  '/join',
  '/forgot',
  '/reset',
  '/pair',
  '/account',
  '/people',
  '/keys',
  '/changes',
  '/screens',
  '/privacy',
] as const
