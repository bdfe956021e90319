import { describe, expect, it } from 'vitest'
import { requireAddress, requireHost } from './require-address.ts'

describe('a refused address names its reason', () => {
  it.each([
    ['http://example.com/hook', false, 'not_https'],
    ['ftp://example.com/hook', true, 'not_https'],
    ['https://ada:secret@example.com/hook', false, 'has_password'],
    ['https://127.0.0.1:4811/hook', false, 'private_address'],
    ['https://[fd12::1]/hook', false, 'private_address'],
    ['https://169.254.169.254/latest', false, 'reserved_address'],
    ['https://169.254.169.254/latest', true, 'reserved_address'],
    ['https://receiver.invalid/hook', true, 'unresolved'],
  ] as const)('%s (private networks allowed: %s): %s', async (address, allowsPrivate, reason) => {
    const refusal = requireAddress(address, allowsPrivate, 'secrets.url')
    await expect(refusal).rejects.toMatchObject({ code: 'invalid_field', details: [{ field: 'secrets.url', reason }] })
  })

  it('for a mail server too, and says how to allow a private one', async () => {
    const refusal = requireHost('10.0.0.25', false, 'settings.host')
    await expect(refusal).rejects.toMatchObject({ details: [{ field: 'settings.host', reason: 'private_address' }] })
    await expect(refusal).rejects.toThrow(/WEBHOOK_PRIVATE_NETWORKS=on/)
    await expect(requireHost('10.0.0.25', true, 'settings.host')).resolves.toBeUndefined()
  })
})
