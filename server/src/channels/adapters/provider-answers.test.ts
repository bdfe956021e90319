import type { ChannelConfig, ChannelKind } from '@stagewatch/shared/contract/channels.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { describe, expect, it } from 'vitest'
import { AccessTokens } from '../access-tokens.ts'
import type { Verdict } from '../channel.ts'
import { channelOf } from '../channel-registry.ts'
import type { Rendering } from '../render-message.ts'

/** What a code means: `refused` or `retry`, the cause, and how long the channel is silent. */
type Expected = readonly [kind: Verdict['kind'], cause?: string | undefined, silentS?: number | undefined]
/** Status and body of an answer, as the provider sends it. */
type Answer = readonly [status: number, body: object | string]

const endpoint = 'https://provider.example'
const configs: Partial<Record<ChannelKind, object>> = {
  'dingtalk-robot': { url: `${endpoint}/robot/send?access_token=x`, secret: 'SECx' },
  'dingtalk-app': { appKey: 'key', agentId: 7, endpoint, secret: 'x' },
  'feishu-robot': { url: `${endpoint}/hook/x`, secret: 'x' },
  'feishu-app': { appId: 'cli_1', endpoint, secret: 'x' },
  'wecom-robot': { url: `${endpoint}/send?key=x` },
  'wecom-app': { corpId: 'corp', agentId: 1, endpoint, secret: 'x' },
  slack: { url: `${endpoint}/T0/B0/x` },
  teams: { url: `${endpoint}/run?sig=x` },
  'sms-aliyun': { accessKeyId: 'id', accessKeySecret: 'x', signName: 's', templateCode: 'SMS_1', endpoint },
  'sms-tencent': {
    secretId: 'id',
    secretKey: 'x',
    sdkAppId: '1400',
    signName: 's',
    templateId: '1',
    region: 'r',
    endpoint,
  },
}
const rendered: Rendering = {
  severity: 'warning',
  title: 'Late',
  text: 'Late',
  body: 'since 9:00',
  url: 'https://board.example/orders/SO-1',
  open: 'Open',
  isStopLink: false,
}
const message: ChannelMessage = {
  severity: 'warning',
  title: 'Late',
  lines: [],
  link: '/orders/SO-1',
  language: 'en',
  orders: ['SO-1'],
  dedupeKey: 'k',
}
const token = { errcode: 0, code: 0, access_token: 't', tenant_access_token: 't', expires_in: 7_200, expire: 7_200 }

/** Sends a message through a channel whose provider answers like this. */
async function verdictOn(kind: ChannelKind, [status, body]: Answer, waitS?: number) {
  const channel = channelOf<ChannelKind>(kind)
  const waitHeaders: (string | undefined)[] = []
  const sending = {
    config: configs[kind] as ChannelConfig<ChannelKind>,
    to: 'li',
    rendered,
    messages: [message],
    id: 'm1',
  }
  const { verdict } = await channel.send(sending, {
    now: Date.parse('2026-11-24T09:00:00+08:00'),
    allowsPrivate: true,
    tokens: new AccessTokens(),
    signal: new AbortController().signal,
    post: ({ url, waitHeader }) => {
      waitHeaders.push(waitHeader)
      const isTokenRequest = /gettoken|tenant_access_token/.test(url)
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return Promise.resolve(
        isTokenRequest
          ? { status: 200, text: JSON.stringify(token) }
          : { status, text, ...(waitS !== undefined && { retryAfterS: waitS }) },
      )
    },
  })
  return { verdict, waitHeaders }
}

function asExpected(verdict: Verdict): Expected {
  if (!('reason' in verdict)) return [verdict.kind, undefined, undefined]
  const silentS = verdict.kind === 'retry' && verdict.limited === true ? verdict.afterS : undefined
  return [verdict.kind, verdict.cause, silentS]
}

const dingTalkSettings = (errmsg: string): Answer => [200, { errcode: 310_000, errmsg }]
const gateway = (code: string, text: string): Answer => [
  200,
  { errcode: 88, sub_code: code, sub_msg: text, errmsg: `ding talk error[subcode=${code},submsg=${text}]` },
]
const tencentError = (Code: string, Message = 'text'): Answer => [
  200,
  { Response: { Error: { Code, Message }, RequestId: 'r' } },
]
const tencentStatus = (Code: string): Answer => [
  200,
  {
    Response: { SendStatusSet: [{ SerialNo: '', PhoneNumber: '+8613800138000', Fee: 0, Code, Message: 'm' }] },
  },
]
const aliyun = (Code: string, status = 200, Message = 'text'): Answer => [status, { Code, Message, RequestId: 'r' }]

const answers: readonly (readonly [ChannelKind, Answer, Expected])[] = [
  ['dingtalk-robot', [200, { errcode: 0, errmsg: 'ok' }], ['accepted']],
  ['dingtalk-robot', [200, { errcode: -1, errmsg: '系统繁忙' }], ['retry', 'busy']],
  [
    'dingtalk-robot',
    [200, { errcode: 130_101, errmsg: 'send too fast, exceed 20 times per minute' }],
    ['retry', 'rate-limit', 600],
  ],
  ['dingtalk-robot', [200, { errcode: 410_100, errmsg: '发送速度太快而限流' }], ['retry', 'rate-limit', 600]],
  [
    'dingtalk-robot',
    dingTalkSettings('keywords not in content, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]'),
    ['refused', 'keyword'],
  ],
  [
    'dingtalk-robot',
    dingTalkSettings(
      '错误描述:关键词不匹配;解决方案:请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词;',
    ),
    ['refused', 'keyword'],
  ],
  [
    'dingtalk-robot',
    dingTalkSettings('sign not match, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]'),
    ['refused', 'signature'],
  ],
  ['dingtalk-robot', dingTalkSettings('invalid timestamp'), ['refused', 'signature']],
  ['dingtalk-robot', dingTalkSettings('ip 203.0.113.7 not in whitelist'), ['refused', 'ip-address']],
  ['dingtalk-robot', dingTalkSettings('a new security setting'), ['refused', 'permission']],
  ['dingtalk-robot', [200, { errcode: 300_001, errmsg: 'token is not exist' }], ['refused', 'credentials']],
  ['dingtalk-robot', [200, { errcode: 300_001, errmsg: 'message param title is null ' }], ['refused']],
  ['dingtalk-robot', [200, { errcode: 300_005, errmsg: 'token is not exist' }], ['refused', 'credentials']],
  ['dingtalk-robot', [200, { errcode: 40_035, errmsg: '缺少参数 access_token' }], ['refused']],
  ['dingtalk-robot', [200, { errcode: 43_004, errmsg: '无效的HTTP HEADER Content-Type' }], ['refused']],
  ['dingtalk-robot', [200, { errcode: 400_013, errmsg: '群已被解散' }], ['refused', 'removed']],
  ['dingtalk-robot', [200, { errcode: 400_101, errmsg: 'access_token不存在' }], ['refused', 'credentials']],
  ['dingtalk-robot', [200, { errcode: 400_102, errmsg: '机器人已停用' }], ['refused', 'removed']],
  ['dingtalk-robot', [200, { errcode: 400_105, errmsg: '不支持的消息类型' }], ['refused']],
  ['dingtalk-robot', [200, { errcode: 400_106, errmsg: '机器人不存在' }], ['refused', 'removed']],
  ['dingtalk-robot', [200, { errcode: 430_101, errmsg: '含有不安全的外链' }], ['refused', 'content']],
  ['dingtalk-robot', [200, { errcode: 430_102, errmsg: '含有不合适的文本' }], ['refused', 'content']],
  ['dingtalk-robot', [200, { errcode: 430_103, errmsg: '含有不合适的图片' }], ['refused', 'content']],
  ['dingtalk-robot', [200, { errcode: 430_104, errmsg: '含有不合适的内容' }], ['refused', 'content']],
  [
    'dingtalk-robot',
    [200, { errcode: 460_101, errmsg: 'message too long, exceed 20000 bytes' }],
    ['refused', 'content'],
  ],

  ['dingtalk-app', [200, { errcode: 0, errmsg: 'ok', task_id: 1 }], ['sent']],
  ['dingtalk-app', gateway('40014', '不合法的access_token'), ['retry', 'credentials']],
  ['dingtalk-app', [200, { errcode: 42_001, errmsg: 'access_token超时' }], ['retry', 'credentials']],
  [
    'dingtalk-app',
    gateway('90002', '当前所有钉钉应用调用该接口次数过多，超出了该接口承受的最大qps，请求被暂时限制了'),
    ['retry', 'rate-limit', 60],
  ],
  [
    'dingtalk-app',
    [200, { errcode: 90_006, errmsg: '您当前使用的CorpId及CorpSecret调用当前接口次数过多' }],
    ['retry', 'rate-limit', 60],
  ],
  ['dingtalk-app', gateway('60011', '没有调用该接口的权限'), ['refused', 'permission']],
  ['dingtalk-app', gateway('60020', '访问ip不在白名单之中'), ['refused', 'ip-address']],
  ['dingtalk-app', [200, { errcode: 33_012, errmsg: '无效的USERID' }], ['refused', 'recipient']],
  ['dingtalk-app', [200, { errcode: 40_003, errmsg: '不合法的UserID' }], ['refused', 'recipient']],
  ['dingtalk-app', [200, { errcode: 40_089, errmsg: '不合法的corpid或corpsecret' }], ['refused', 'credentials']],
  ['dingtalk-app', [200, { errcode: 40_056, errmsg: '不合法的agentid' }], ['refused', 'credentials']],
  ['dingtalk-app', [200, { errcode: 70_003, errmsg: 'agentid对应微应用不存在' }], ['refused', 'removed']],
  ['dingtalk-app', [200, { errcode: -1, errmsg: '系统繁忙' }], ['retry', 'busy']],

  ['feishu-robot', [200, { code: 0, msg: 'success', data: {} }], ['accepted']],
  ['feishu-robot', [200, { Extra: null, StatusCode: 0, StatusMessage: 'success' }], ['accepted']],
  ['feishu-robot', [400, { code: 9_499, msg: 'Bad Request', data: {} }], ['refused']],
  ['feishu-robot', [400, { code: 9_499, msg: 'too many request', data: {} }], ['retry', 'rate-limit', 60]],
  [
    'feishu-robot',
    [200, { code: 11_232, data: {}, msg: 'frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]' }],
    ['retry', 'rate-limit', 60],
  ],
  [
    'feishu-robot',
    [200, { code: 19_001, msg: 'param invalid: incoming webhook access token invalid' }],
    ['refused', 'credentials'],
  ],
  ['feishu-robot', [200, { code: 19_002, msg: 'params error, msg_type need' }], ['refused']],
  [
    'feishu-robot',
    [200, { code: 19_021, msg: 'sign match fail or timestamp is not within one hour from current time' }],
    ['refused', 'signature'],
  ],
  ['feishu-robot', [200, { code: 19_022, msg: 'Ip Not Allowed' }], ['refused', 'ip-address']],
  ['feishu-robot', [200, { code: 19_024, msg: 'Key Words Not Found' }], ['refused', 'keyword']],

  ['feishu-app', [200, { code: 0, msg: 'success', data: { message_id: 'om_1' } }], ['accepted']],
  ['feishu-app', [400, { code: 99_991_663, msg: 'Invalid access token for authorization.' }], ['retry', 'credentials']],
  ['feishu-app', [429, { code: 99_991_400, msg: 'request trigger frequency limit' }], ['retry', 'rate-limit', 60]],
  ['feishu-app', [400, { code: 99_991_400, msg: 'request trigger frequency limit' }], ['retry', 'rate-limit', 60]],
  [
    'feishu-app',
    [400, { code: 230_020, msg: 'This operation triggers the frequency limit.' }],
    ['retry', 'rate-limit'],
  ],
  [
    'feishu-app',
    [400, { code: 230_001, msg: 'Your request contains an invalid request parameter, ext=invalid receive_id.' }],
    ['refused'],
  ],
  ['feishu-app', [400, { code: 230_006, msg: 'Bot ability is not activated.' }], ['refused', 'permission']],
  ['feishu-app', [400, { code: 230_013, msg: 'Bot has NO availability to this user.' }], ['refused', 'recipient']],
  [
    'feishu-app',
    [400, { code: 230_022, msg: 'The content of the message contains sensitive information.' }],
    ['refused', 'content'],
  ],
  [
    'feishu-app',
    [400, { code: 230_025, msg: 'The length of the message content reaches its limit.' }],
    ['refused', 'content'],
  ],
  ['feishu-app', [400, { code: 230_027, msg: 'Lack of necessary permissions.' }], ['refused', 'permission']],
  ['feishu-app', [400, { code: 230_028, msg: 'The messages do NOT pass the audit.' }], ['refused', 'content']],
  ['feishu-app', [400, { code: 230_035, msg: 'Send message permission deny.' }], ['refused', 'permission']],
  ['feishu-app', [400, { code: 230_038, msg: 'Cross tenant p2p chat operate forbid.' }], ['refused', 'recipient']],
  ['feishu-app', [400, { code: 99_991_672, msg: 'app_scope_not_applied' }], ['refused', 'permission']],
  ['feishu-app', [400, { code: 99_992_351, msg: 'invalid open_id' }], ['refused', 'recipient']],

  ['wecom-robot', [200, { errcode: 0, errmsg: 'ok' }], ['accepted']],
  [
    'wecom-robot',
    [200, { errcode: 93_000, errmsg: 'invalid webhook url, hint: [1592021214_50_551f], from ip: 203.0.113.7' }],
    ['refused', 'credentials'],
  ],
  [
    'wecom-robot',
    [200, { errcode: 93_000, errmsg: 'Invalid input : content exceed max length. invalid Request Parameter' }],
    ['refused', 'content'],
  ],
  ['wecom-robot', [200, { errcode: 45_009, errmsg: 'api freq out of limit' }], ['retry', 'rate-limit', 60]],
  ['wecom-app', [200, { errcode: 45_033, errmsg: 'api concurrent out of limit' }], ['retry', 'rate-limit', 60]],
  ['wecom-app', [200, { errcode: 0, errmsg: 'ok', invaliduser: 'li', msgid: 'm' }], ['refused', 'recipient']],
  ['wecom-app', [200, { errcode: 81_013, errmsg: 'user & party & tag all invalid' }], ['refused', 'recipient']],
  ['wecom-app', [200, { errcode: 60_020, errmsg: 'not allow to access from your ip' }], ['refused', 'ip-address']],
  ['wecom-app', [200, { errcode: 42_001, errmsg: 'access_token expired' }], ['retry', 'credentials']],
  ['wecom-app', [200, { errcode: 40_014, errmsg: 'invalid access_token' }], ['retry', 'credentials']],
  ['wecom-app', [200, { errcode: 40_001, errmsg: 'invalid credential' }], ['refused', 'credentials']],
  ['wecom-app', [200, { errcode: 40_056, errmsg: 'invalid agentid' }], ['refused', 'credentials']],
  ['wecom-app', [200, { errcode: 45_002, errmsg: 'content size out of limit' }], ['refused', 'content']],
  ['wecom-app', [200, { errcode: 60_011, errmsg: 'no privilege to access' }], ['refused', 'permission']],
  ['wecom-app', [200, { errcode: -1, errmsg: 'system error' }], ['retry', 'busy']],

  ['slack', [200, 'ok'], ['accepted']],
  ['slack', [400, 'invalid_payload'], ['refused']],
  ['slack', [400, 'user_not_found'], ['refused', 'recipient']],
  ['slack', [403, 'action_prohibited'], ['refused', 'permission']],
  ['slack', [403, 'posting_to_general_channel_denied'], ['refused', 'permission']],
  ['slack', [403, 'invalid_token'], ['refused', 'credentials']],
  ['slack', [404, 'channel_not_found'], ['refused', 'removed']],
  ['slack', [404, 'no_service'], ['refused', 'removed']],
  ['slack', [404, 'no_active_hooks'], ['refused', 'removed']],
  ['slack', [410, 'channel_is_archived'], ['refused', 'removed']],
  ['slack', [500, 'rollup_error'], ['retry', 'busy']],

  ['teams', [202, ''], ['sent']],
  ['teams', [200, '1'], ['sent']],
  [
    'teams',
    [401, { error: { code: 'DirectApiAuthorizationRequired', message: 'The request must be authenticated' } }],
    ['refused', 'credentials'],
  ],
  ['teams', [404, { error: { code: 'WorkflowNotFound', message: 'gone' } }], ['refused', 'removed']],
  [
    'teams',
    [
      200,
      'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId tcid=0',
    ],
    ['retry', 'rate-limit', 60],
  ],
  [
    'teams',
    [200, 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413'],
    ['refused', 'content'],
  ],
  [
    'teams',
    [200, 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 500'],
    ['retry', 'busy'],
  ],

  ['sms-aliyun', [200, { Code: 'OK', Message: 'OK', BizId: 'b' }], ['accepted']],
  ['sms-aliyun', aliyun('isv.BUSINESS_LIMIT_CONTROL', 200, '触发分钟级流控Permits:1'), ['retry', 'rate-limit']],
  ['sms-aliyun', aliyun('isv.DAY_LIMIT_CONTROL'), ['refused', 'quota']],
  ['sms-aliyun', aliyun('isv.AMOUNT_NOT_ENOUGH'), ['refused', 'quota']],
  ['sms-aliyun', aliyun('isv.OUT_OF_SERVICE'), ['refused', 'quota']],
  ['sms-aliyun', aliyun('isv.MOBILE_NUMBER_ILLEGAL'), ['refused', 'recipient']],
  ['sms-aliyun', aliyun('isv.SMS_SIGNATURE_ILLEGAL'), ['refused', 'template']],
  ['sms-aliyun', aliyun('isv.SMS_TEMPLATE_ILLEGAL'), ['refused', 'template']],
  ['sms-aliyun', aliyun('isv.PARAM_LENGTH_LIMIT'), ['refused', 'content']],
  ['sms-aliyun', aliyun('isp.RAM_PERMISSION_DENY'), ['refused', 'permission']],
  ['sms-aliyun', aliyun('isp.SYSTEM_ERROR'), ['retry', 'busy']],
  ['sms-aliyun', aliyun('SignatureDoesNotMatch', 400), ['refused', 'signature']],
  ['sms-aliyun', aliyun('InvalidAccessKeyId.NotFound', 404), ['refused', 'credentials']],
  ['sms-aliyun', aliyun('InvalidTimeStamp.Expired', 400), ['refused', 'signature']],
  ['sms-aliyun', aliyun('Throttling.User', 400), ['retry', 'rate-limit', 60]],
  ['sms-aliyun', aliyun('ServiceUnavailable', 503), ['retry', 'busy']],

  ['sms-tencent', tencentStatus('Ok'), ['accepted']],
  ['sms-tencent', tencentStatus('LimitExceeded.PhoneNumberThirtySecondLimit'), ['retry', 'rate-limit']],
  ['sms-tencent', tencentStatus('LimitExceeded.PhoneNumberOneHourLimit'), ['retry', 'rate-limit']],
  ['sms-tencent', tencentStatus('LimitExceeded.DeliveryFrequencyLimit'), ['retry', 'rate-limit']],
  ['sms-tencent', tencentStatus('LimitExceeded.PhoneNumberDailyLimit'), ['refused', 'quota']],
  ['sms-tencent', tencentStatus('LimitExceeded.AppMainlandChinaDailyLimit'), ['refused', 'quota']],
  ['sms-tencent', tencentStatus('FailedOperation.InsufficientBalanceInSmsPackage'), ['refused', 'quota']],
  ['sms-tencent', tencentStatus('FailedOperation.PhoneNumberInBlacklist'), ['refused', 'recipient']],
  ['sms-tencent', tencentStatus('InvalidParameterValue.IncorrectPhoneNumber'), ['refused', 'recipient']],
  ['sms-tencent', tencentStatus('FailedOperation.TemplateIncorrectOrUnapproved'), ['refused', 'template']],
  ['sms-tencent', tencentStatus('FailedOperation.SignatureIncorrectOrUnapproved'), ['refused', 'template']],
  ['sms-tencent', tencentStatus('FailedOperation.ContainSensitiveWord'), ['refused', 'content']],
  ['sms-tencent', tencentStatus('InvalidParameterValue.TemplateParameterLengthLimit'), ['refused', 'content']],
  ['sms-tencent', tencentError('AuthFailure.SignatureFailure'), ['refused', 'signature']],
  ['sms-tencent', tencentError('AuthFailure.SignatureExpire'), ['refused', 'signature']],
  ['sms-tencent', tencentError('AuthFailure.SecretIdNotFound'), ['refused', 'credentials']],
  ['sms-tencent', tencentError('AuthFailure.UnauthorizedOperation'), ['refused', 'permission']],
  ['sms-tencent', tencentError('UnauthorizedOperation.RequestIpNotInWhitelist'), ['refused', 'ip-address']],
  ['sms-tencent', tencentError('RequestLimitExceeded'), ['retry', 'rate-limit', 60]],
  ['sms-tencent', tencentError('InternalError.Timeout'), ['retry', 'busy']],
]

describe('an answer of a provider', () => {
  it.each(answers)('of %s, %j, is understood', async (kind, answer, expected) => {
    const { verdict } = await verdictOn(kind, answer)
    const [outcome, cause, silentS] = expected
    expect(asExpected(verdict)).toEqual([outcome, cause, silentS])
  })

  it.each([
    ['dingtalk-robot', [200, { errcode: 987_654, errmsg: 'something new' }]],
    ['dingtalk-app', gateway('987654', 'something new')],
    ['feishu-robot', [200, { code: 987_654, msg: 'something new' }]],
    ['feishu-app', [400, { code: 987_654, msg: 'something new' }]],
    ['wecom-robot', [200, { errcode: 987_654, errmsg: 'something new' }]],
    ['wecom-app', [200, { errcode: 987_654, errmsg: 'something new' }]],
    ['slack', [400, 'something_new']],
    ['sms-aliyun', aliyun('isv.SOMETHING_NEW', 200, 'something new')],
    ['sms-tencent', tencentError('SomethingNew', 'something new')],
  ] as const)('of %s with an unknown code is shown as it is, and tried again a few times', async (kind, answer) => {
    const { verdict } = await verdictOn(kind, answer)
    expect(verdict).toMatchObject({ kind: 'retry', cause: 'unknown-code', isUncertain: true })
    expect(verdict).not.toHaveProperty('limited')
    expect('reason' in verdict && verdict.reason.toLowerCase()).toMatch(/^something.new$/)
    expect('code' in verdict && verdict.code).toMatch(/987654|something_?new/i)
  })

  it.each([
    ['dingtalk-robot', [200, { errcode: 987_654, errmsg: '消息发送过于频繁' }], 600],
    ['feishu-robot', [200, { code: 987_654, msg: 'trigger frequency limit' }], 60],
    ['teams', [200, 'Request throttled'], 60],
  ] as const)('of %s with an unknown code names a rate limit', async (kind, answer, silentS) => {
    expect(asExpected((await verdictOn(kind, answer)).verdict)).toEqual(['retry', 'rate-limit', silentS])
  })

  it('of Feishu says in a header of its own how long to wait', async () => {
    const limited = [429, { code: 99_991_400, msg: 'request trigger frequency limit' }] as const
    const { verdict, waitHeaders } = await verdictOn('feishu-app', limited, 52)
    expect(asExpected(verdict)).toEqual(['retry', 'rate-limit', 52])
    expect(waitHeaders).toEqual(['x-ogw-ratelimit-reset', 'x-ogw-ratelimit-reset'])
  })
})
