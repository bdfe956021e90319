import { createTransport } from 'nodemailer'
import type { Logger } from 'pino'
import type { IdentitySettings } from './identity-settings.ts'
import { mailTexts, noticeTexts } from './mail-texts.ts'
import type { MailKind, NoticeKind } from './mail-texts.ts'

/** Upper limit for how long a request waits for a mail server. */
const withinMs = 10_000

/** Sends mails to people. The server address in them never comes from a request. */
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

  /** @returns whether a mail server has accepted it. */
  send(kind: MailKind, to: string, link: string): Promise<boolean> {
    return this.#send(kind, to, mailTexts(kind, link))
  }

  /** Notifies the owner of an account of a change. @param at epoch ms. @returns the same as `send`. */
  notify(kind: NoticeKind, to: string, at: number): Promise<boolean> {
    return this.#send(kind, to, noticeTexts(kind, at))
  }

  async #send(
    kind: MailKind | NoticeKind,
    to: string,
    { subject, text }: { readonly subject: string; readonly text: string },
  ): Promise<boolean> {
    if (this.#settings === undefined) return false
    const { url, from } = this.#settings
    const timeouts = { connectionTimeout: withinMs, greetingTimeout: withinMs, socketTimeout: withinMs }
    const transport = createTransport({ url, ...timeouts })
    try {
      await transport.sendMail({ from, to, subject, text })
      return true
    } catch (error) {
      this.#logger.error({ err: error }, `an email was not sent: ${kind}`)
      return false
    } finally {
      transport.close()
    }
  }
}
