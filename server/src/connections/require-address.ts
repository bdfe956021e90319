import { AppError } from '../platform/app-error.ts'
import { RefusedAddressError, resolveAllowed } from './address-guard.ts'

/** @throws AppError `invalid_field` when requests to the URL are not allowed. */
export async function requireAddress(text: string, allowsPrivate: boolean, field: string): Promise<void> {
  const url = new URL(text)
  const refuse = (message: string) => new AppError('invalid_field', message, { field, reason: 'not_url' })
  if (url.protocol !== 'https:' && !(allowsPrivate && url.protocol === 'http:')) {
    throw refuse('must begin with https://')
  }
  if (url.username !== '' || url.password !== '') {
    throw refuse('must come without a user name and a password: the receiver verifies the signature')
  }
  await requireHost(url.hostname, allowsPrivate, field)
}

/** @throws AppError `invalid_field` when connections to the host are not allowed. */
export async function requireHost(host: string, allowsPrivate: boolean, field: string): Promise<void> {
  const refuse = (message: string) => new AppError('invalid_field', message, { field, reason: 'not_url' })
  try {
    await resolveAllowed(host, allowsPrivate)
  } catch (error) {
    if (error instanceof RefusedAddressError) {
      throw refuse('is in a private or reserved network, which requests must not reach: use a public address')
    }
    throw refuse(`its host ${host} cannot be resolved: correct the name`)
  }
}
