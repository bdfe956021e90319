import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'

export interface MailBox {
  /** Environment variables that make a server send to this mail server. */
  readonly variables: Readonly<Record<string, string>>
  /** Resolves with the first mail to the address that has not been taken yet. */
  next(to: string): Promise<string>
  /** The same, but resolves with the headers of the mail, unfolded. */
  nextHeaders(to: string): Promise<string>
  /** Refuses mails for good with what this makes of their text, and keeps none of them. Undefined: accepts all. */
  refusal: ((text: string) => string) | undefined
  /** The number of mails that have not been taken yet. */
  readonly count: number
  close(): Promise<void>
}

/** A local mail server that keeps the mails it receives. */
export async function openMailBox(): Promise<MailBox> {
  const mails: { readonly to: string; readonly headers: string; readonly text: string }[] = []
  const waiting = new Set<() => void>()
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const whole = Buffer.concat(chunks).toString()
        const headers = (whole.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ')
        const text = decodedText(whole)
        if (box.refusal !== undefined) {
          done(Object.assign(new Error(box.refusal(text)), { responseCode: 550 }))
          return
        }
        for (const { address } of session.envelope.rcptTo) mails.push({ to: address, headers, text })
        done()
        for (const look of waiting) look()
      })
    },
  })
  const server = smtp.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const take = (to: string) => {
    const found = Promise.withResolvers<(typeof mails)[number]>()
    const look = () => {
      const index = mails.findIndex((mail) => mail.to === to)
      const [mail] = index < 0 ? [] : mails.splice(index, 1)
      if (mail === undefined) return
      waiting.delete(look)
      found.resolve(mail)
    }
    waiting.add(look)
    look()
    return found.promise
  }
  const box: MailBox = {
    refusal: undefined,
    variables: { SMTP_URL: `smtp://127.0.0.1:${address.port}`, MAIL_FROM: 'Stagewatch <stagewatch@example.com>' },
    get count() {
      return mails.length
    },
    next: async (to) => (await take(to)).text,
    nextHeaders: async (to) => (await take(to)).headers,
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  }
  return box
}

/** The token at the end of the link in a mail. */
export function tokenIn(mail: string): string {
  const [, token] = /#token=(\S+)/.exec(mail) ?? []
  if (token === undefined) throw new Error(`no link in: ${mail}`)
  return token
}

/** The text of a mail; of a mail with several parts, that of all parts, one after the other. */
function decodedText(mail: string): string {
  const [head = '', ...body] = mail.split('\r\n\r\n')
  const text = body.join('\r\n\r\n')
  const [, boundary] = /^content-type: multipart\/[^]*?boundary="?([^"\r\n]+)/im.exec(head) ?? []
  if (boundary !== undefined) {
    const parts = text.split(`--${boundary}`).slice(1, -1)
    return parts.map((part) => decodedText(part.trimStart())).join('\n')
  }
  if (/base64/i.test(head)) return Buffer.from(text, 'base64').toString()
  if (!/quoted-printable/i.test(head)) return text
  const bytes = text.replaceAll('=\r\n', '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => `%${hex}`)
  return decodeURIComponent(bytes.replace(/%(?![0-9A-F]{2})/g, '%25'))
}
