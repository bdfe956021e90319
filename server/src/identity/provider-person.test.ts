import { expect, it } from 'vitest'
import { providerPerson } from './provider-person.ts'

const email = 'li@example.com'
const nameFrom = (name: unknown) => providerPerson({ email, name }, false).name

it('a person has the name that the provider says, without what nobody sees', () => {
  expect(nameFrom('Li Wei')).toBe('Li Wei')
  expect(nameFrom(' \u202eLi\u200b Wei\u0000 ')).toBe('Li Wei')
})

it('a person without a visible name is called by the address', () => {
  expect([undefined, null, 5, '', '  ', '\u200b \u200b'].map(nameFrom)).toEqual(Array.from({ length: 6 }, () => email))
})

it('a long name is cut, but no character of it', () => {
  expect(nameFrom('x'.repeat(100))).toBe('x'.repeat(100))
  expect(nameFrom('x'.repeat(101))).toBe('x'.repeat(100))
  expect(nameFrom(`${'x'.repeat(98)}😀😀`)).toBe(`${'x'.repeat(98)}😀`)
  expect(nameFrom(`${'x'.repeat(99)}😀`)).toBe('x'.repeat(99))
  expect(nameFrom(`${'x'.repeat(99)} y`)).toBe('x'.repeat(99))
})

it('an address is verified if the provider says so, or does not say it and is trusted', () => {
  const claims = [true, undefined, null, false, 'true', 1, 0]
  const verified = (trustEmail: boolean) =>
    claims.map((claim) => providerPerson({ email, email_verified: claim }, trustEmail).emailVerified)
  expect(verified(false)).toEqual([true, false, false, false, false, false, false])
  expect(verified(true)).toEqual([true, true, true, false, false, false, false])
  expect(providerPerson({ email }, true).emailVerified).toBe(true)
})
