/** Of all applications; the oldest are forgotten first. */
const maxTokens = 500

/**
 * Access tokens of applications, in the memory of one server instance: a provider returns the same token, or lets older
 * ones live on, when another instance requests one.
 */
export class AccessTokens {
  readonly #tokens = new Map<string, { readonly token: string; readonly until: number }>()

  find(key: string, now: number): string | undefined {
    const found = this.#tokens.get(key)
    return found === undefined || found.until <= now ? undefined : found.token
  }

  /** @param until epoch ms. */
  keep(key: string, token: string, until: number): void {
    this.#tokens.delete(key)
    this.#tokens.set(key, { token, until })
    const [oldest] = this.#tokens.keys()
    if (this.#tokens.size > maxTokens && oldest !== undefined) this.#tokens.delete(oldest)
  }

  /** Unless another one has been requested in the meantime. */
  forget(key: string, token: string): void {
    if (this.#tokens.get(key)?.token === token) this.#tokens.delete(key)
  }
}
