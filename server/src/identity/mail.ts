import { createTransport } from 'nodemailer'
import type { Logger } from 'pino'
import type { IdentitySettings } from './identity-settings.ts'
import { mailTexts } from './mail-texts.ts'
import type { MailKind } from './mail-texts.ts'

/** Nobody who waits for an answer waits longer for a mail server. */
const withinMs = 10_000

/** Sends what people are sent; the address of the server is never one that a request named. */
export class Mail {
  readonly #logger: Logger
  readonly #settings: IdentitySettings['mail']

  constructor(settings: IdentitySettings['mail'], logger: Logger) {
    this.#settings = settings
    this.#logger = logger
  }

  get isPossible(): boolean {
    return this.#settings !== undefined
  }

  /** @returns whether a mail server has taken it. */
  async send(kind: MailKind, to: string, link: string): Promise<boolean> {
    if (this.#settings === undefined) return false
    const { url, from } = this.#settings
    const timeouts = { connectionTimeout: withinMs, greetingTimeout: withinMs, socketTimeout: withinMs }
    const transport = createTransport({ url, ...timeouts })
    try {
      await transport.sendMail({ from, to, ...mailTexts(kind, link) })
      return true
    } catch (error) {
      this.#logger.error({ err: error }, `a mail was not sent: ${kind}`)
      return false
    } finally {
      transport.close()
    }
  }
}
