import type { ChannelConfig, ChannelKind } from '@stagewatch/shared/contract/channels.ts'
import type { FailureCause } from '@stagewatch/shared/contract/message-log.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import type { GuardedPost, PostAnswer } from '../connections/guarded-post.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { Dialect } from './dialects.ts'
import type { MessageLimit, Rendering } from './render-message.ts'

/** The outcome of one attempt by the receiver's answer; the HTTP status alone is not reliable. */
export type Verdict =
  /** The answer confirms the receipt. */
  | { readonly kind: 'accepted'; readonly providerId?: string | undefined }
  /** Handed over; it is not known whether it arrived. */
  | { readonly kind: 'sent'; readonly providerId?: string | undefined }
  /** The message will never be accepted in this form. */
  | ({ readonly kind: 'refused' } & Failure)
  | ({
      readonly kind: 'retry'
      /** Minimum delay before the next attempt; undefined for the usual one. */
      readonly afterS?: number | undefined
      /** The provider accepts nothing from this channel until then; it does not count as a failure of the message. */
      readonly limited?: boolean
      /** Nobody knows whether another attempt is of use: there are few of them. */
      readonly isUncertain?: boolean
    } & Failure)

interface Failure {
  readonly reason: string
  readonly code?: string | undefined
  readonly cause?: FailureCause | undefined
}

/** A verdict and the answer that it is based on. */
export interface Attempted {
  readonly verdict: Verdict
  /** HTTP status, or code of the SMTP answer. */
  readonly status?: number | undefined
  /** What the receiver answered. */
  readonly answer?: string | undefined
}

/** External dependencies of an attempt. */
export interface ChannelContext {
  /** Epoch ms, for signatures. */
  readonly now: number
  /** Sends a request through the address guard; `allowsPrivate` is a setting of the installation. */
  readonly post: (request: Omit<GuardedPost, 'allowsPrivate' | 'signal'>) => Promise<PostAnswer>
  readonly allowsPrivate: boolean
  readonly tokens: AccessTokens
  /** Aborts the attempt. */
  readonly signal: AbortSignal
  /** The mail server of the installation. */
  readonly mailServer?: { readonly url: string; readonly from: string } | undefined
}

export interface Sending<Kind extends ChannelKind> {
  readonly config: ChannelConfig<Kind>
  /** Address, number or account; for a robot, the member to mention, or empty. */
  readonly to: string
  readonly rendered: Rendering
  /** Messages to send as one; more than one only if `merges` is set. */
  readonly messages: readonly ChannelMessage[]
  /** Identifies the sending, so that the receiver can recognize duplicates. */
  readonly id: string
}

/** Rate limit of a channel, shared by all server instances. */
export interface Budget {
  readonly count: number
  readonly perMs: number
  /** Number of sendings reserved for critical messages. */
  readonly reserved: number
}

/** One way to reach people. Everything specific to a provider is in its adapter. */
export interface Channel<Kind extends ChannelKind> {
  readonly kind: Kind
  /** `channel`: everybody who reads it, with at most a mention; `person`: each message has an address. */
  readonly reaches: 'channel' | 'person'
  readonly recipient: RegExp
  /** Several pending messages may be sent as one. */
  readonly merges: boolean
  /**
   * A message with more orders than fit is continued in further ones, so that each is named. Text messages are not,
   * because each of them costs.
   */
  readonly continues?: true
  readonly budget?: Budget
  readonly limit: MessageLimit
  readonly dialect: Dialect
  /** Names of the settings that are URLs or hosts to which requests are sent. */
  readonly addresses: readonly string[]
  send(sending: Sending<Kind>, context: ChannelContext): Promise<Attempted>
}
