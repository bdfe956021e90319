import { expect, it } from 'vitest'
import { isFictionalAddress } from './fictional-address.ts'

it('an address is fictional if nobody can register its domain', () => {
  const fictional = ['lead@sample.invalid', 'Li@Plant.EXAMPLE', 'li@a.b.test']
  expect(fictional.filter((email) => !isFictionalAddress(email))).toEqual([])
  const real = ['li@example.com', 'li@invalid.cn', 'li@atest', 'li@example.test.com', '']
  expect(real.filter(isFictionalAddress)).toEqual([])
})
