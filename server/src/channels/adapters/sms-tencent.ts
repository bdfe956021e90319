import { createHash, createHmac } from 'node:crypto'
import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { plainText } from '../dialects.ts'
import { attempted, bodyOf, meaningOf, textOf, verdictOfCode, verdictOfStatus } from '../read-answer.ts'
import type { Meanings } from '../read-answer.ts'
import { smsLimit, smsRecipient, smsVariables } from '../sms-variables.ts'

const service = 'sms'
const action = 'SendSms'

/** SMS by Tencent Cloud, https://cloud.tencent.com/document/api/382/55981. */
export const smsTencent: Channel<'sms-tencent'> = {
  kind: 'sms-tencent',
  reaches: 'person',
  recipient: smsRecipient,
  merges: true,
  // Bounds the cost of a mistake in a rule.
  budget: { count: 60, perMs: 60_000, reserved: 20 },
  limit: smsLimit,
  dialect: plainText,
  addresses: ['endpoint'],
  async send({ config, to, messages, id }, { post, now }) {
    const { title, orders } = smsVariables(messages)
    const body = JSON.stringify({
      PhoneNumberSet: [to],
      SmsSdkAppId: config.sdkAppId,
      SignName: config.signName,
      TemplateId: config.templateId,
      TemplateParamSet: [title, orders],
      SessionContext: id,
    })
    const timestampS = Math.floor(now / 1_000)
    const { host } = new URL(config.endpoint)
    const type = 'application/json; charset=utf-8'
    const signed = { 'content-type': type, host, 'x-tc-action': action.toLowerCase() }
    const headers = {
      'content-type': type,
      authorization: tencentAuthorization({ ...config, service, timestampS, headers: signed, body }),
      'x-tc-action': action,
      'x-tc-version': '2021-01-11',
      'x-tc-timestamp': String(timestampS),
      'x-tc-region': config.region,
    }
    const answer = await post({ url: config.endpoint, headers, body })
    return attempted(answer, verdictOf(answer))
  },
}

export interface TencentRequest {
  readonly secretId: string
  readonly secretKey: string
  readonly service: string
  readonly timestampS: number
  /** The signed headers, with names in lower case, sorted by name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** TC3-HMAC-SHA256 of a POST, https://cloud.tencent.com/document/api/382/52068. */
export function tencentAuthorization(request: TencentRequest): string {
  const { secretId, secretKey, service: of, timestampS, headers, body } = request
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const canonical = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n')
  const day = new Date(timestampS * 1_000).toISOString().slice(0, 10)
  const scope = `${day}/${of}/tc3_request`
  const text = ['TC3-HMAC-SHA256', timestampS, scope, sha256(canonical)].join('\n')
  const key = ['tc3_request', of, day].reduceRight<string | Buffer>(hmac, `TC3${secretKey}`)
  const signature = hmac(key, text).toString('hex')
  return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The error codes of https://cloud.tencent.com/document/api/382/55981 and, for all interfaces, /document/api/382/52071. */
const meanings: Meanings = {
  AuthFailure: 'credentials',
  'AuthFailure.SignatureExpire': 'signature',
  'AuthFailure.SignatureFailure': 'signature',
  'AuthFailure.UnauthorizedOperation': 'permission',
  'FailedOperation.ContainSensitiveWord': 'content',
  'FailedOperation.InsufficientBalanceInSmsPackage': 'quota',
  'FailedOperation.MissingSignature': 'template',
  'FailedOperation.PhoneNumberInBlacklist': 'recipient',
  'FailedOperation.SignatureIncorrectOrUnapproved': 'template',
  'FailedOperation.TemplateIncorrectOrUnapproved': 'template',
  'FailedOperation.TemplateParamSetNotMatchApprovedTemplate': 'template',
  'FailedOperation.TemplateUnapprovedOrNotExist': 'template',
  InternalError: 'busy',
  InvalidParameter: 'invalid',
  InvalidParameterValue: 'invalid',
  'InvalidParameterValue.ContentLengthLimit': 'content',
  'InvalidParameterValue.IncorrectPhoneNumber': 'recipient',
  'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter': 'content',
  'InvalidParameterValue.SdkAppIdNotExist': 'credentials',
  'InvalidParameterValue.TemplateParameterFormatError': 'content',
  'InvalidParameterValue.TemplateParameterLengthLimit': 'content',
  // Of the application or the country, for a day.
  LimitExceeded: 'quota',
  // Of one number: others are not affected.
  'LimitExceeded.DeliveryFrequencyLimit': 'recipient-limit',
  'LimitExceeded.PhoneNumberOneHourLimit': 'recipient-limit',
  'LimitExceeded.PhoneNumberThirtySecondLimit': 'recipient-limit',
  MissingParameter: 'invalid',
  RequestLimitExceeded: 'rate-limit',
  UnauthorizedOperation: 'permission',
  'UnauthorizedOperation.RequestIpNotInWhitelist': 'ip-address',
  UnsupportedOperation: 'invalid',
}

interface TencentAnswer {
  readonly Response?: {
    readonly Error?: { readonly Code?: unknown; readonly Message?: unknown }
    readonly SendStatusSet?: readonly {
      readonly Code?: unknown
      readonly Message?: unknown
      readonly SerialNo?: unknown
    }[]
  }
}

/** An error of the request is in `Error`, one of the number in its status; both come with HTTP status 200. */
function verdictOf(answer: PostAnswer): Verdict {
  const { Response } = bodyOf(answer) as TencentAnswer
  const status = Response?.Error ?? Response?.SendStatusSet?.[0]
  const code = textOf(status?.Code)
  if (code === undefined) return verdictOfStatus(answer)
  if (code === 'Ok') return { kind: 'accepted', providerId: textOf(Response?.SendStatusSet?.[0]?.SerialNo) }
  return verdictOfCode({ code, reason: textOf(status?.Message) ?? code }, meaningOf(code, meanings))
}
