/** Which details of customers, money and people are shown. The site sets it for everybody; a screen may hide more. */
export interface Privacy {
  /** `masked`: only the first characters of a name. */
  readonly customers: 'shown' | 'masked'
  readonly amounts: 'shown' | 'hidden'
  /** `team`: no names and no counts by person; a claimed order does not say by whom. */
  readonly people: 'shown' | 'team'
}

export const openPrivacy: Privacy = { customers: 'shown', amounts: 'shown', people: 'shown' }

/** Hides everything that either of them hides. */
export function stricterPrivacy(a: Privacy, b: Privacy): Privacy {
  return {
    customers: a.customers === 'masked' ? 'masked' : b.customers,
    amounts: a.amounts === 'hidden' ? 'hidden' : b.amounts,
    people: a.people === 'team' ? 'team' : b.people,
  }
}
