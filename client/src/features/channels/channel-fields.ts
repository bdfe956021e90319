import type { ChannelKind } from '@stagewatch/shared/contract/channels.ts'

/** Settings of each channel kind, in the order of the form; `?` marks optional ones. */
export const settingFields = {
  email: ['host?', 'port?', 'security', 'user?', 'from?'],
  'wecom-robot': [],
  'wecom-app': ['corpId', 'agentId', 'endpoint?'],
  'dingtalk-robot': [],
  'dingtalk-app': ['appKey', 'agentId', 'endpoint?'],
  'feishu-robot': [],
  'feishu-app': ['appId', 'endpoint?'],
  slack: [],
  teams: [],
  'sms-aliyun': ['accessKeyId', 'signName', 'templateCode', 'endpoint?'],
  'sms-tencent': ['secretId', 'sdkAppId', 'signName', 'templateId', 'region?', 'endpoint?'],
  webhook: [],
} as const satisfies Readonly<Record<ChannelKind, readonly string[]>>

export const secretFields = {
  email: ['password?'],
  'wecom-robot': ['url'],
  'wecom-app': ['secret'],
  'dingtalk-robot': ['url', 'secret?'],
  'dingtalk-app': ['secret'],
  'feishu-robot': ['url', 'secret?'],
  'feishu-app': ['secret'],
  slack: ['url'],
  teams: ['url'],
  'sms-aliyun': ['accessKeySecret'],
  'sms-tencent': ['secretKey'],
  webhook: ['url', 'secret'],
} as const satisfies Readonly<Record<ChannelKind, readonly string[]>>

type NameOf<Field extends string> = Field extends `${infer Name}?` ? Name : Field
export type SettingName = NameOf<(typeof settingFields)[ChannelKind][number]>
export type SecretName = NameOf<(typeof secretFields)[ChannelKind][number]>

export interface ChannelField<Name extends string> {
  readonly name: Name
  readonly isOptional: boolean
}

export function settingsOf(kind: ChannelKind): ChannelField<SettingName>[] {
  return settingFields[kind].map((field) => parsed<SettingName>(field))
}

export function secretsOf(kind: ChannelKind): ChannelField<SecretName>[] {
  return secretFields[kind].map((field) => parsed<SecretName>(field))
}

/** Fields that are sent as numbers. */
export const numberFields: ReadonlySet<string> = new Set<SettingName>(['port', 'agentId'])

/** The kind of recipient of a test message. Undefined: the readers of the channel. */
export function recipientOf(kind: ChannelKind): 'email' | 'member' | 'phone' | undefined {
  switch (kind) {
    case 'email':
      return 'email'
    case 'wecom-app':
    case 'dingtalk-app':
    case 'feishu-app':
      return 'member'
    case 'sms-aliyun':
    case 'sms-tencent':
      return 'phone'
    default:
      return undefined
  }
}

function parsed<Name extends string>(field: Name | `${Name}?`): ChannelField<Name> {
  const isOptional = field.endsWith('?')
  // Without the question mark, the text is one of the names.
  return { name: (isOptional ? field.slice(0, -1) : field) as Name, isOptional }
}
