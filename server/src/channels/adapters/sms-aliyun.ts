import { createHmac, randomUUID } from 'node:crypto'
import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { plainText } from '../dialects.ts'
import { attempted, bodyOf, meaningOf, textOf, verdictOfCode, verdictOfStatus } from '../read-answer.ts'
import type { Meanings } from '../read-answer.ts'
import { smsLimit, smsRecipient, smsVariables } from '../sms-variables.ts'

/** SMS by Alibaba Cloud, https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms. */
export const smsAliyun: Channel<'sms-aliyun'> = {
  kind: 'sms-aliyun',
  reaches: 'person',
  recipient: smsRecipient,
  merges: true,
  // Bounds the cost of a mistake in a rule; a number may receive one message a minute and ten a day.
  budget: { count: 60, perMs: 60_000, reserved: 20 },
  limit: smsLimit,
  dialect: plainText,
  addresses: ['endpoint'],
  async send({ config, to, messages, id }, { post, now }) {
    const { accessKeyId, accessKeySecret, signName, templateCode, endpoint } = config
    const parameters = {
      AccessKeyId: accessKeyId,
      Action: 'SendSms',
      Format: 'JSON',
      OutId: id,
      // Chinese numbers are passed without country code, others without the plus.
      PhoneNumbers: to.replace(/^\+86/, '').replace(/^\+/, ''),
      SignName: signName,
      SignatureMethod: 'HMAC-SHA1',
      SignatureNonce: randomUUID(),
      SignatureVersion: '1.0',
      TemplateCode: templateCode,
      TemplateParam: JSON.stringify(smsVariables(messages)),
      Timestamp: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
      Version: '2017-05-25',
    }
    const signature = aliyunSignature('POST', parameters, accessKeySecret)
    const body = `${canonicalQuery(parameters)}&Signature=${encode(signature)}`
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await post({ url: endpoint, headers, body })
    return attempted(answer, verdictOf(answer))
  },
}

/** Signature of RPC requests, version 1.0: https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism. */
export function aliyunSignature(
  method: 'GET' | 'POST',
  parameters: Readonly<Record<string, string>>,
  accessKeySecret: string,
): string {
  const text = `${method}&${encode('/')}&${encode(canonicalQuery(parameters))}`
  return createHmac('sha1', `${accessKeySecret}&`).update(text).digest('base64')
}

function canonicalQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
}

/** Percent-encoding by RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

/**
 * The error codes of https://help.aliyun.com/zh/sms/developer-reference/api-error-codes, and those of all interfaces,
 * https://api.aliyun.com/document/Dysmsapi/2017-05-25/errorCode.
 */
const meanings: Meanings = {
  'isp.GATEWAY_ERROR': 'busy',
  'isp.RAM_PERMISSION_DENY': 'permission',
  'isp.SYSTEM_ERROR': 'busy',
  'isv.ACCOUNT_ABNORMAL': 'quota',
  'isv.ACCOUNT_NOT_EXISTS': 'credentials',
  'isv.AMOUNT_NOT_ENOUGH': 'quota',
  'isv.BLACK_KEY_CONTROL_LIMIT': 'content',
  // Of one number: others are not affected.
  'isv.BUSINESS_LIMIT_CONTROL': 'recipient-limit',
  'isv.DAY_LIMIT_CONTROL': 'quota',
  'isv.INVALID_JSON_PARAM': 'invalid',
  'isv.INVALID_PARAMETERS': 'invalid',
  'isv.MOBILE_NUMBER_ILLEGAL': 'recipient',
  'isv.MONTH_LIMIT_CONTROL': 'quota',
  'isv.OUT_OF_SERVICE': 'quota',
  'isv.PARAM_LENGTH_LIMIT': 'content',
  'isv.PARAM_NOT_SUPPORT_URL': 'content',
  'isv.PRODUCT_UNSUBSCRIBE': 'quota',
  'isv.PRODUCT_UN_SUBSCRIPT': 'quota',
  'isv.SMS_SIGNATURE_ILLEGAL': 'template',
  'isv.SMS_TEMPLATE_ILLEGAL': 'template',
  'isv.TEMPLATE_MISSING_PARAMETERS': 'template',
  'isv.TEMPLATE_PARAMS_ILLEGAL': 'template',
  InternalError: 'busy',
  InvalidAccessKeyId: 'credentials',
  InvalidTimeStamp: 'signature',
  ServiceUnavailable: 'busy',
  SignatureDoesNotMatch: 'signature',
  Throttling: 'rate-limit',
}

function verdictOf(answer: PostAnswer): Verdict {
  const { Code, Message, BizId } = bodyOf(answer)
  const code = textOf(Code)
  if (code === undefined) return verdictOfStatus(answer)
  if (code === 'OK') return { kind: 'accepted', providerId: textOf(BizId) }
  return verdictOfCode({ code, reason: textOf(Message) ?? code }, meaningOf(code, meanings))
}
