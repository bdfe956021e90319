import { z } from 'zod'
import { failing } from './field-issue.ts'
import { messageAttempt } from './message-log.ts'
import { visibleName } from './names.ts'

/**
 * Channels that can be configured at a site. In addition, every person has a message centre (`inbox`) and may receive
 * push notifications.
 */
export const channelKinds = [
  'email',
  'wecom-robot',
  'wecom-app',
  'dingtalk-robot',
  'dingtalk-app',
  'feishu-robot',
  'feishu-app',
  'slack',
  'teams',
  'sms-aliyun',
  'sms-tencent',
  'webhook',
] as const
export type ChannelKind = (typeof channelKinds)[number]

const word = (max = 200) => z.string().trim().min(1).max(max)
const address = z
  .string()
  .trim()
  .max(2_000)
  .refine((text) => URL.canParse(text), failing('not_url', 'must be an address such as https://example.com/hook'))
const host = z
  .string()
  .trim()
  .regex(/^[a-z\d._:[\]-]+$/i, 'must be a host name such as smtp.example.com')
  .max(253)
const port = z.int().min(1).max(65_535)

/** Stored fields of each kind: those visible to everybody who may see channels, and secrets that are never returned. */
export const channelFields = {
  email: {
    settings: z.strictObject({
      /** Undefined: the mail server of the installation. */
      host: host.optional(),
      port: port.optional(),
      /**
       * `tls` from the first byte, `starttls` after a greeting, `none`: unencrypted, for a mail server in a private
       * network.
       */
      security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
      user: word().optional(),
      /** Undefined: the sender address of the installation. */
      from: word(320).optional(),
    }),
    secrets: z.strictObject({ password: word(1_000).optional() }),
  },
  'wecom-robot': { settings: z.strictObject({}), secrets: z.strictObject({ url: address }) },
  'wecom-app': {
    settings: z.strictObject({
      corpId: word(),
      agentId: z.int().min(0),
      endpoint: address.default('https://qyapi.weixin.qq.com'),
    }),
    secrets: z.strictObject({ secret: word(1_000) }),
  },
  'dingtalk-robot': {
    settings: z.strictObject({}),
    /** Without a secret, the robot checks a keyword or the sender's IP address. */
    secrets: z.strictObject({ url: address, secret: word(1_000).optional() }),
  },
  'dingtalk-app': {
    settings: z.strictObject({
      appKey: word(),
      agentId: z.int().min(0),
      endpoint: address.default('https://oapi.dingtalk.com'),
    }),
    secrets: z.strictObject({ secret: word(1_000) }),
  },
  'feishu-robot': {
    settings: z.strictObject({}),
    secrets: z.strictObject({ url: address, secret: word(1_000).optional() }),
  },
  'feishu-app': {
    /** The endpoint of Lark is https://open.larksuite.com. */
    settings: z.strictObject({ appId: word(), endpoint: address.default('https://open.feishu.cn') }),
    secrets: z.strictObject({ secret: word(1_000) }),
  },
  slack: { settings: z.strictObject({}), secrets: z.strictObject({ url: address }) },
  teams: { settings: z.strictObject({}), secrets: z.strictObject({ url: address }) },
  'sms-aliyun': {
    settings: z.strictObject({
      accessKeyId: word(),
      signName: word(),
      /** A template with the variables `title` and `orders`. */
      templateCode: word(),
      endpoint: address.default('https://dysmsapi.aliyuncs.com'),
    }),
    secrets: z.strictObject({ accessKeySecret: word(1_000) }),
  },
  'sms-tencent': {
    settings: z.strictObject({
      secretId: word(),
      sdkAppId: word(),
      signName: word(),
      /** A template with two variables: the title and the orders. */
      templateId: word(),
      region: word(40).default('ap-guangzhou'),
      endpoint: address.default('https://sms.tencentcloudapi.com'),
    }),
    secrets: z.strictObject({ secretKey: word(1_000) }),
  },
  webhook: {
    settings: z.strictObject({}),
    /** The secret signs messages according to Standard Webhooks: `whsec_` followed by at least 24 bytes in Base64. */
    secrets: z.strictObject({
      url: address,
      secret: z
        .string()
        .trim()
        .regex(/^whsec_[A-Za-z\d+/]{32,88}={0,2}$/, 'must be whsec_ and 24 to 64 bytes in Base64'),
    }),
  },
} as const satisfies Readonly<Record<ChannelKind, { settings: z.ZodObject; secrets: z.ZodObject }>>

type Fields<Kind extends ChannelKind> = (typeof channelFields)[Kind]

/** Everything that an adapter needs for sending, secrets included. */
export type ChannelConfig<Kind extends ChannelKind> = z.infer<Fields<Kind>['settings']> &
  z.infer<Fields<Kind>['secrets']>

const ofKind = <Kind extends ChannelKind>(kind: Kind) =>
  z.strictObject({
    kind: z.literal(kind),
    name: visibleName(100),
    /** False: nothing is sent; messages use the next channel of their recipient. */
    enabled: z.boolean().default(true),
    settings: channelFields[kind].settings,
    /** Omitted secrets keep their value, unless the settings name another address. */
    secrets: (channelFields[kind].secrets as z.ZodObject).partial().default({}),
  })

/** Request body of `POST /api/v1/channels` and `PUT /api/v1/channels/:id`. */
export const channelRequest = z.discriminatedUnion('kind', [
  ofKind('email'),
  ofKind('wecom-robot'),
  ofKind('wecom-app'),
  ofKind('dingtalk-robot'),
  ofKind('dingtalk-app'),
  ofKind('feishu-robot'),
  ofKind('feishu-app'),
  ofKind('slack'),
  ofKind('teams'),
  ofKind('sms-aliyun'),
  ofKind('sms-tencent'),
  ofKind('webhook'),
])
export type ChannelRequest = z.infer<typeof channelRequest>

/** Instants are epoch ms. */
export const channel = z.object({
  id: z.string(),
  kind: z.enum(channelKinds),
  name: z.string(),
  enabled: z.boolean(),
  settings: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The last four characters of each configured secret, preceded by dots. */
  secrets: z.record(z.string(), z.string()),
  createdAt: z.int(),
  /** Every attempt since then has failed. Undefined: the last one succeeded. */
  failingSince: z.int().optional(),
  /** The last attempt since the channel was saved. Undefined: none yet. */
  triedAt: z.int().optional(),
  /** The provider accepts no messages until then. */
  blockedUntil: z.int().optional(),
  /** Number of queued messages. */
  waitingCount: z.int(),
  /** Sent as `If-Match` when changing it. */
  version: z.string(),
})
export type Channel = z.infer<typeof channel>

/** Response of `GET /api/v1/channels`, oldest first. */
export const channelList = z.object({ channels: z.array(channel) })

/** Request body of `POST /api/v1/channels/:id/test`. */
export const channelTest = z.strictObject({
  /** Address, number or account; not needed if the channel has a fixed destination. */
  to: z.string().trim().max(320).default(''),
  language: z.enum(['en', 'zh']).default('en'),
})

/** Response of `POST /api/v1/admin/secrets/rotate`. */
export const secretsRotated = z.object({
  /** Number of secrets that were encrypted again. */
  resealed: z.int(),
  /** Identifies the current encryption key without revealing anything about it. */
  keyId: z.string(),
})
export type SecretsRotated = z.infer<typeof secretsRotated>

/** Response of the receiver to a test message. */
export const channelTestAnswer = messageAttempt.extend({ providerId: z.string().optional(), elapsedMs: z.int() })
export type ChannelTestAnswer = z.infer<typeof channelTestAnswer>
