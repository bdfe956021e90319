import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import type { ChannelConfig } from '@stagewatch/shared/contract/channels.ts'
import type { FailureCause } from '@stagewatch/shared/contract/message-log.ts'
import { RefusedAddressError, resolveAllowed } from '../../connections/address-guard.ts'
import type { Attempted, Channel, ChannelContext } from '../channel.ts'
import { escapeHtml, plainText } from '../dialects.ts'
import { verdictOfError } from '../read-answer.ts'

const withinMs = 10_000
const defaultPorts = { tls: 465, starttls: 587, none: 25 } as const

/** E-mail by SMTP, through a server of the site or that of the installation. */
export const email: Channel<'email'> = {
  kind: 'email',
  reaches: 'person',
  recipient: /^[^\s@<>"(),:;]{1,64}@[^\s@<>"(),:;]{1,255}$/,
  merges: true,
  // What mail servers of companies and providers typically accept from one sender.
  budget: { count: 60, perMs: 60_000, reserved: 15 },
  limit: { unit: 'characters', max: 100_000 },
  dialect: plainText,
  addresses: ['host'],
  async send({ config, to, rendered, id }, context) {
    const { title: subject, text, body, url, open, isStopLink } = rendered
    let transport: ReturnType<typeof createTransport> | undefined
    try {
      const server = await mailServer(config, context)
      if (server === undefined) {
        const reason = 'this installation has no mail server: name one in the channel, or set SMTP_URL and MAIL_FROM'
        return { verdict: { kind: 'refused', reason, cause: 'no-mail-server' } }
      }
      const mailer = (transport = server.transport)
      context.signal.addEventListener('abort', () => mailer.close())
      const html = `<p>${escapeHtml(body).replaceAll('\n', '<br>')}</p><p><a href="${escapeHtml(url)}">${escapeHtml(open)}</a></p>`
      // A retry of the same mail has the same id, so that mail clients recognize the duplicate.
      const messageId = `<${id}@stagewatch.invalid>`
      // RFC 8058: mail programs offer to unsubscribe, and post to the address without opening a page.
      const headers = isStopLink
        ? { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
        : {}
      const sent = await mailer.sendMail({ from: server.from, to, subject, text, html, messageId, headers })
      const status = Number(/^\d{3}/.exec(sent.response)?.[0])
      // The mail server has accepted it; failed delivery is reported later and elsewhere.
      return { verdict: { kind: 'sent', providerId: sent.messageId }, status, answer: sent.response }
    } catch (error) {
      return failed(error)
    } finally {
      transport?.close()
    }
  },
}

async function mailServer(config: ChannelConfig<'email'>, { mailServer: own, allowsPrivate }: ChannelContext) {
  const limits = {
    connectionTimeout: withinMs,
    greetingTimeout: withinMs,
    socketTimeout: withinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
  if (config.host === undefined) {
    return own && { transport: createTransport({ url: own.url, ...limits }), from: config.from ?? own.from }
  }
  const { host, security, user, password } = config
  // Connects to the address that was checked, so that the name is not resolved again.
  const [address] = await resolveAllowed(host, allowsPrivate)
  const transport = createTransport({
    host: address?.address ?? host,
    port: config.port ?? defaultPorts[security],
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(isIP(host) === 0 && { tls: { servername: host } }),
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    ...limits,
  })
  return { transport, from: config.from ?? own?.from ?? user }
}

/** SMTP codes from 500 on are permanent, those from 400 on temporary (RFC 5321); so are connection errors. */
function failed(error: unknown): Attempted {
  if (error instanceof RefusedAddressError) return { verdict: verdictOfError(error) }
  const status = numberIn(error, 'responseCode')
  const answer = textIn(error, 'response')
  const name = textIn(error, 'code')
  const code = status === undefined ? name : String(status)
  const reason =
    status === undefined
      ? `sending through the mail server failed: ${code ?? 'no connection'}`
      : `it answered ${status}`
  const cause =
    (name === 'EAUTH' ? 'credentials' : smtpCauses[status ?? 0]) ??
    enhancedCauses.find(([pattern]) => pattern.test(answer ?? ''))?.[1] ??
    connectionCauses[name ?? '']
  // A rejected password will be rejected again.
  const isFinal = (status !== undefined && status >= 500) || name === 'EAUTH' || name === 'EENVELOPE'
  return { verdict: { kind: isFinal ? 'refused' : 'retry', reason, code, cause }, status, answer }
}

/** By the code of an answer. */
const smtpCauses: Readonly<Partial<Record<number, FailureCause>>> = {
  421: 'busy',
  450: 'busy',
  451: 'busy',
  452: 'busy',
  535: 'credentials',
  552: 'content',
}
/** By the enhanced code in an answer, RFC 3463. */
const enhancedCauses: readonly (readonly [RegExp, FailureCause])[] = [
  [/\b5\.1\.\d/, 'recipient'],
  [/\b5\.[26]\.\d/, 'content'],
  [/\b5\.7\.\d/, 'permission'],
]
/** By the name of an error of the connection. */
const connectionCauses: Readonly<Partial<Record<string, FailureCause>>> = {
  ECONNECTION: 'unreachable',
  EDNS: 'unreachable',
  EENVELOPE: 'recipient',
  ESOCKET: 'unreachable',
  ETIMEDOUT: 'timeout',
}

function textIn(error: unknown, name: 'code' | 'response'): string | undefined {
  const value: unknown = error instanceof Error && name in error ? Reflect.get(error, name) : undefined
  return typeof value === 'string' ? value : undefined
}

function numberIn(error: unknown, name: 'responseCode'): number | undefined {
  const value: unknown = error instanceof Error && name in error ? Reflect.get(error, name) : undefined
  return typeof value === 'number' ? value : undefined
}
