import type { FieldReason } from '@stagewatch/shared/contract/field-issue.ts'
import { AppError } from '../platform/app-error.ts'
import { RefusedAddressError, resolveAllowed } from './address-guard.ts'

/** @throws AppError `invalid_field` when requests to the URL are not allowed. */
export async function requireAddress(text: string, allowsPrivate: boolean, field: string): Promise<void> {
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(allowsPrivate && url.protocol === 'http:')) {
    throw refusal(field, 'not_https', 'must begin with https://')
  }
  if (url.username !== '' || url.password !== '') {
    const message = 'must come without a user name and a password: the receiver verifies the signature'
    throw refusal(field, 'has_password', message)
  }
  await requireHost(url.hostname, allowsPrivate, field)
}

/** @throws AppError `invalid_field` when connections to the host are not allowed. */
export async function requireHost(host: string, allowsPrivate: boolean, field: string): Promise<void> {
  try {
    await resolveAllowed(host, allowsPrivate)
  } catch (error) {
    if (!(error instanceof RefusedAddressError)) {
      throw refusal(field, 'unresolved', `its host ${host} cannot be resolved: correct the name`)
    }
    if (error.isPrivate) {
      const message = 'is in a private network: use a public address, or set WEBHOOK_PRIVATE_NETWORKS=on on the server'
      throw refusal(field, 'private_address', message)
    }
    throw refusal(field, 'reserved_address', 'is in a reserved network, which requests must not reach: use another')
  }
}

function refusal(field: string, reason: FieldReason, message: string): AppError {
  return new AppError('invalid_field', message, { field, reason })
}
