import type { ChannelKind } from '@stagewatch/shared/contract/channels.ts'
import { dingTalkApp } from './adapters/dingtalk-app.ts'
import { dingTalkRobot } from './adapters/dingtalk-robot.ts'
import { email } from './adapters/email.ts'
import { feishuApp } from './adapters/feishu-app.ts'
import { feishuRobot } from './adapters/feishu-robot.ts'
import { slack } from './adapters/slack.ts'
import { smsAliyun } from './adapters/sms-aliyun.ts'
import { smsTencent } from './adapters/sms-tencent.ts'
import { teams } from './adapters/teams.ts'
import { webhook } from './adapters/webhook.ts'
import { weComApp } from './adapters/wecom-app.ts'
import { weComRobot } from './adapters/wecom-robot.ts'
import type { Channel } from './channel.ts'

/** A new channel kind needs an adapter, its fields in the contract, and a line here. */
const channels: { readonly [Kind in ChannelKind]: Channel<Kind> } = {
  email,
  'wecom-robot': weComRobot,
  'wecom-app': weComApp,
  'dingtalk-robot': dingTalkRobot,
  'dingtalk-app': dingTalkApp,
  'feishu-robot': feishuRobot,
  'feishu-app': feishuApp,
  slack,
  teams,
  'sms-aliyun': smsAliyun,
  'sms-tencent': smsTencent,
  webhook,
}

export function channelOf<Kind extends ChannelKind>(kind: Kind): Channel<Kind> {
  return channels[kind]
}
