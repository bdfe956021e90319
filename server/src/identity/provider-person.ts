import { invisibleText } from '@stagewatch/shared/domain/identifier.ts'

/** What a single sign-on provider says about a person. */
export type ProviderProfile = Readonly<Record<string, unknown>>

/**
 * The person in a profile of the provider.
 * @param trustEmail the provider verifies every address, even if it does not say so.
 */
export function providerPerson(profile: ProviderProfile, trustEmail: boolean) {
  return {
    emailVerified: isEmailVerified(profile['email_verified'], trustEmail),
    name: nameOf(profile['name']) ?? String(profile['email']),
  }
}

/**
 * Only `true` means that the provider has verified the address. A trusted provider may omit the claim, but must not
 * deny it.
 */
function isEmailVerified(claim: unknown, trustEmail: boolean): boolean {
  return claim === true || (trustEmail && (claim === undefined || claim === null))
}

const maxName = 100

/** Undefined if nothing is visible, see `visibleName`. */
function nameOf(claim: unknown): string | undefined {
  if (typeof claim !== 'string') return undefined
  // The end may be half a character.
  const seen = visible(visible(claim).slice(0, maxName))
  return seen === '' ? undefined : seen
}

/** Without invisible characters and text direction controls. */
function visible(text: string): string {
  return text.replaceAll(new RegExp(invisibleText, 'gu'), '').trim()
}
