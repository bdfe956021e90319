/** What of customers, money and people is shown. The site says it for everybody, a screen may hide more. */
export interface Privacy {
  /** `masked`: the first characters of a name and no more. */
  readonly customers: 'shown' | 'masked'
  readonly amounts: 'shown' | 'hidden'
  /** `team`: nobody is named and nothing is counted by person; a claimed order says so and not by whom. */
  readonly people: 'shown' | 'team'
}

export const openPrivacy: Privacy = { customers: 'shown', amounts: 'shown', people: 'shown' }

/** Hides what either hides. */
export function stricterPrivacy(a: Privacy, b: Privacy): Privacy {
  return {
    customers: a.customers === 'masked' ? 'masked' : b.customers,
    amounts: a.amounts === 'hidden' ? 'hidden' : b.amounts,
    people: a.people === 'team' ? 'team' : b.people,
  }
}
