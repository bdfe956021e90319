import type { Environment } from '../platform/environment.ts'

/** The part of the configuration that concerns sign-in. */
export interface IdentitySettings {
  /** URL under which people reach the server, without a trailing slash; undefined for the address it listens on. */
  readonly publicUrl?: string | undefined
  /** Undefined: a secret is generated once and stored in the database. */
  readonly secret?: string | undefined
  readonly mail?: { readonly url: string; readonly from: string } | undefined
  readonly singleSignOn?: SingleSignOn | undefined
  /** The sample may be entered without a password. */
  readonly sampleOpen?: boolean
}

export interface SingleSignOn {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly name: string
  /** Addresses from this provider count as verified unless it states otherwise. */
  readonly trustEmail: boolean
}

/** @param embedded whether the database runs inside this process: only then may the sample be entered. */
export function identitySettings(environment: Environment, embedded: boolean): IdentitySettings {
  const { SMTP_URL: smtp, MAIL_FROM: from, OIDC_ISSUER: issuer } = environment
  const {
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_NAME: name,
    OIDC_TRUST_EMAIL: trust,
  } = environment
  return {
    publicUrl: environment.PUBLIC_URL === undefined ? undefined : new URL(environment.PUBLIC_URL).origin,
    secret: environment.AUTH_SECRET,
    mail: smtp === undefined || from === undefined ? undefined : { url: smtp, from },
    singleSignOn:
      issuer === undefined || clientId === undefined || clientSecret === undefined
        ? undefined
        : { issuer, clientId, clientSecret, name, trustEmail: trust === 'on' },
    sampleOpen: embedded && environment.DEMO === 'on',
  }
}
