import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that a provider accepted after checking its signature. */
export interface TakenMessage {
  readonly provider: string
  readonly atMs: number
  /** All text that the recipient reads, joined. */
  readonly text: string
  /** By which the provider recognizes a request that is repeated, if it has one. */
  readonly requestId: string | undefined
}

/** How a provider answers the next requests instead of accepting them. */
export type Misbehaviour =
  | 'error-500'
  | 'limit-429'
  | 'code-in-200'
  | 'limit-in-200'
  | 'unknown-in-200'
  | 'silent'
  | 'reset'
  | 'reset-after-accepting'

export interface FakeProviders {
  readonly url: string
  readonly taken: TakenMessage[]
  /** Requests with an invalid signature or body. */
  readonly wrong: string[]
  readonly requestCount: number
  /** Applies to all requests until it is set to undefined. */
  misbehaviour: Misbehaviour | undefined
  /** The only provider that misbehaves. Undefined means all of them. */
  culprit: string | undefined
  /** Access tokens of applications with a lower number have expired. */
  tokenNumber: number
  /** Number of tokens that applications have requested. */
  readonly tokenRequests: number
  close(): void
}

export const secrets = {
  weCom: 'key-of-the-wecom-robot-693axxx6',
  weComApp: 'secret-of-the-wecom-app',
  dingTalkApp: 'secret-of-the-dingtalk-app',
  feishuApp: 'secret-of-the-feishu-app',
  dingTalk: 'SEC-of-dingtalk-0123456789',
  feishu: 'feishu-secret-0123456789',
  slack: 'xoxb-hook-token-0123456789',
  teams: 'teams-signature-0123456789',
  aliyun: 'aliyun-access-key-secret',
  tencent: 'tencent-secret-key',
  webhook: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
} as const

/** The requests that create a channel for each provider. @param base the address of the providers. */
export const requestsFor = (base: string) =>
  ({
    wecom: { kind: 'wecom-robot', secrets: { url: `${base}/wecom/send?key=${secrets.weCom}` } },
    dingtalk: {
      kind: 'dingtalk-robot',
      secrets: { url: `${base}/dingtalk/send?access_token=abcdef0123456789`, secret: secrets.dingTalk },
    },
    feishu: {
      kind: 'feishu-robot',
      secrets: { url: `${base}/feishu/hook/0123-4567-89ab-cdef`, secret: secrets.feishu },
    },
    topapi: {
      kind: 'dingtalk-app',
      settings: { appKey: 'key', agentId: 7, endpoint: base },
      secrets: { secret: secrets.dingTalkApp },
    },
    'open-apis': {
      kind: 'feishu-app',
      settings: { appId: 'cli_1', endpoint: base },
      secrets: { secret: secrets.feishuApp },
    },
    slack: { kind: 'slack', secrets: { url: `${base}/slack/T0/B0/${secrets.slack}` } },
    teams: { kind: 'teams', secrets: { url: `${base}/teams/run?sig=${secrets.teams}` } },
    'cgi-bin': {
      kind: 'wecom-app',
      settings: { corpId: 'corp', agentId: 1, endpoint: base },
      secrets: { secret: secrets.weComApp },
    },
    aliyun: {
      kind: 'sms-aliyun',
      settings: { accessKeyId: 'id', signName: '安和', templateCode: 'SMS_1', endpoint: `${base}/aliyun` },
      secrets: { accessKeySecret: secrets.aliyun },
    },
    tencent: {
      kind: 'sms-tencent',
      settings: {
        secretId: 'id',
        sdkAppId: '1400',
        signName: '安和',
        templateId: '1',
        endpoint: `${base}/tencent`,
      },
      secrets: { secretKey: secrets.tencent },
    },
    webhook: { kind: 'webhook', secrets: { url: `${base}/webhook/hook`, secret: secrets.webhook } },
  }) as const

export type Provider = keyof ReturnType<typeof requestsFor>
/** Where the recipient is a person. */
export const recipients: Partial<Record<Provider, string>> = {
  'cgi-bin': 'li',
  topapi: 'li',
  'open-apis': 'ou_li',
  aliyun: '13800138000',
  tencent: '+8613800138000',
}

/** All providers behind one port. Each validates its requests according to the provider's own documentation. */
export async function startProviders(now: () => number): Promise<FakeProviders> {
  const [taken, wrong]: [TakenMessage[], string[]] = [[], []]
  let [requestCount, tokenRequests] = [0, 0]
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks).toString()
      requestCount += 1
      const url = new URL(request.url ?? '/', 'http://fake')
      const [, provider = ''] = url.pathname.split('/')
      const { misbehaviour, culprit = provider } = providers
      const isCulprit = culprit === provider
      if (isCulprit && misbehave(misbehaviour, provider, request, response)) return
      if (provider === 'cgi-bin' && url.pathname.endsWith('gettoken')) {
        tokenRequests += 1
        const isRight = url.searchParams.get('corpsecret') === secrets.weComApp
        const token = { errcode: 0, access_token: `token-${providers.tokenNumber}`, expires_in: 7_200 }
        return answer(response, isRight ? token : { errcode: 40_001, errmsg: 'invalid credential' })
      }
      if (url.pathname === '/gettoken') {
        tokenRequests += 1
        const isRight = url.searchParams.get('appsecret') === secrets.dingTalkApp
        const token = { errcode: 0, access_token: `token-${providers.tokenNumber}`, expires_in: 7_200 }
        return answer(response, isRight ? token : { errcode: 40_089, errmsg: '不合法的corpid或corpsecret' })
      }
      if (url.pathname.endsWith('tenant_access_token/internal')) {
        tokenRequests += 1
        const isRight = (JSON.parse(body) as { app_secret?: string }).app_secret === secrets.feishuApp
        const token = { code: 0, msg: 'ok', tenant_access_token: `token-${providers.tokenNumber}`, expire: 7_200 }
        return answer(response, isRight ? token : { code: 10_014, msg: 'app secret invalid' })
      }
      const expired = tokenProblem(provider, url, request, providers.tokenNumber)
      if (expired !== undefined) return answer(response, expired, provider === 'open-apis' ? 400 : 200)
      const problem = problemOf(provider, url, request, body, now())
      if (problem !== undefined) {
        wrong.push(`${provider}: ${problem}`)
        return answer(response, refusals[provider] ?? {})
      }
      taken.push({ provider, atMs: now(), text: readableText(body), requestId: requestIdIn(request, body) })
      if (isCulprit && misbehaviour === 'reset-after-accepting') {
        request.socket.destroy()
        return
      }
      const ok = successes[provider]
      if (typeof ok === 'string') response.writeHead(provider === 'teams' ? 202 : 200).end(ok)
      else answer(response, ok ?? {})
    })()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const providers: FakeProviders = {
    url: `http://127.0.0.1:${port}`,
    taken,
    wrong,
    get requestCount() {
      return requestCount
    },
    get tokenRequests() {
      return tokenRequests
    },
    misbehaviour: undefined,
    culprit: undefined,
    tokenNumber: 1,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return providers
}

const successes: Readonly<Record<string, object | string>> = {
  wecom: { errcode: 0, errmsg: 'ok' },
  'cgi-bin': { errcode: 0, errmsg: 'ok', msgid: 'wecom-1' },
  dingtalk: { errcode: 0, errmsg: 'ok' },
  topapi: { errcode: 0, errmsg: 'ok', task_id: 256_271_667_526, request_id: '4jzllmte0wau' },
  feishu: { code: 0, msg: 'success' },
  'open-apis': { code: 0, msg: 'success', data: { message_id: 'om_1' } },
  slack: 'ok',
  teams: '',
  aliyun: { Code: 'OK', Message: 'OK', BizId: 'biz-1' },
  tencent: { Response: { SendStatusSet: [{ Code: 'Ok', Message: 'send success', SerialNo: 'serial-1' }] } },
  webhook: {},
}

/** How each provider reports an invalid request, always with status 200. */
const refusals: Readonly<Record<string, object>> = {
  wecom: { errcode: 93_000, errmsg: 'invalid webhook url' },
  'cgi-bin': { errcode: 81_013, errmsg: 'user & party & tag all invalid' },
  dingtalk: {
    errcode: 310_000,
    errmsg: 'sign not match, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]',
  },
  topapi: { errcode: 33_012, errmsg: '无效的USERID' },
  'open-apis': { code: 230_013, msg: 'Bot has NO availability to this user.' },
  feishu: { code: 19_021, msg: 'sign match fail or timestamp is not within one hour from current time' },
  aliyun: { Code: 'SignatureDoesNotMatch', Message: 'Specified signature is not matched with our calculation' },
  tencent: { Response: { Error: { Code: 'AuthFailure.SignatureFailure', Message: 'The provided credentials' } } },
}

const limits: Readonly<Record<string, object>> = {
  wecom: { errcode: 45_009, errmsg: 'api freq out of limit' },
  dingtalk: { errcode: 130_101, errmsg: 'send too fast, exceed 20 times per minute' },
  feishu: { code: 9_499, msg: 'too many request' },
  topapi: gatewayError('90002', '您的服务器调用钉钉开放平台当前接口的所有请求都被暂时禁用了'),
  'cgi-bin': { errcode: 45_009, errmsg: 'api freq out of limit' },
  'open-apis': { code: 99_991_400, msg: 'request trigger frequency limit' },
}

/** How DingTalk reports what its gateway does not let through. */
function gatewayError(code: string, message: string): object {
  const errmsg = `ding talk error[subcode=${code},submsg=${message}]`
  return { errcode: 88, sub_code: code, sub_msg: message, errmsg, request_id: '16l4ew3d47pdp' }
}

/** Codes that no version of a provider has used yet. */
const unknown: Readonly<Record<string, object>> = {
  wecom: { errcode: 987_654, errmsg: 'something new' },
}

function misbehave(
  how: Misbehaviour | undefined,
  provider: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  switch (how) {
    case undefined:
    case 'reset-after-accepting':
      return false
    case 'error-500':
      response.writeHead(500).end('oops')
      return true
    case 'limit-429':
      response.writeHead(429, { 'retry-after': '120', 'x-ogw-ratelimit-reset': '120' }).end('slow down')
      return true
    // Providers without codes in their answers, such as webhooks, accept with any 200.
    case 'code-in-200':
      return answeredWith(refusals[provider], response)
    case 'limit-in-200':
      return answeredWith(limits[provider], response)
    case 'unknown-in-200':
      return answeredWith(unknown[provider], response)
    case 'silent':
      return true
    case 'reset':
      request.socket.destroy()
      return true
  }
}

function answeredWith(body: object | undefined, response: ServerResponse): boolean {
  if (body !== undefined) answer(response, body)
  return body !== undefined
}

/** How the provider refuses a token that has expired. Undefined: it is valid, or the provider has none. */
function tokenProblem(provider: string, url: URL, request: IncomingMessage, valid: number): object | undefined {
  if (provider === 'topapi' && url.searchParams.get('access_token') !== `token-${valid}`)
    return gatewayError('40014', '不合法的access_token')
  if (provider === 'cgi-bin' && url.searchParams.get('access_token') !== `token-${valid}`)
    return { errcode: 42_001, errmsg: 'access_token expired' }
  if (provider === 'open-apis' && request.headers.authorization !== `Bearer token-${valid}`)
    return { code: 99_991_663, msg: 'Invalid access token for authorization.' }
  return undefined
}

function answer(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const hmac = (algorithm: string, key: string, text: string) => createHmac(algorithm, key).update(text).digest('base64')

/** The reason why the provider rejects the request, or undefined. */
function problemOf(
  provider: string,
  url: URL,
  request: IncomingMessage,
  body: string,
  now: number,
): string | undefined {
  const { searchParams } = url
  switch (provider) {
    case 'wecom': {
      if (searchParams.get('key') !== secrets.weCom) return 'key'
      const { content = '' } = (JSON.parse(body) as { markdown?: { content?: string } }).markdown ?? {}
      return content !== '' && Buffer.byteLength(content) <= 4_096 ? undefined : 'content'
    }
    case 'cgi-bin': {
      const { touser: to, agentid: agent } = JSON.parse(body) as Record<string, unknown>
      return (to === 'li' || to === 'wu') && agent === 1 ? undefined : 'touser or agentid'
    }
    case 'topapi': {
      if (url.pathname !== '/topapi/message/corpconversation/asyncsend_v2') return 'path'
      const { agent_id: agent, userid_list: to, msg } = JSON.parse(body) as Record<string, unknown>
      if (Buffer.byteLength(JSON.stringify(msg)) > 2_048) return 'length'
      return agent === 7 && to === 'li' ? undefined : 'agent_id or userid_list'
    }
    case 'open-apis': {
      if (url.pathname + url.search !== '/open-apis/im/v1/messages?receive_id_type=open_id') return 'path'
      const { receive_id: to, msg_type: type, content, uuid } = JSON.parse(body) as Record<string, string>
      if (type !== 'interactive' || uuid === undefined || uuid.length > 50) return 'msg_type or uuid'
      return to === 'ou_li' && Array.isArray((JSON.parse(content ?? '') as { elements?: unknown }).elements)
        ? undefined
        : 'receive_id or content'
    }
    case 'dingtalk': {
      const timestamp = searchParams.get('timestamp') ?? ''
      if (Math.abs(Number(timestamp) - now) > 3_600_000) return 'timestamp'
      if (Buffer.byteLength(body) > 20_000) return 'length'
      const expected = hmac('sha256', secrets.dingTalk, `${timestamp}\n${secrets.dingTalk}`)
      return searchParams.get('sign') === expected ? undefined : 'sign'
    }
    case 'feishu': {
      const { timestamp, sign } = JSON.parse(body) as { timestamp?: string; sign?: string }
      if (Math.abs(Number(timestamp) * 1_000 - now) > 3_600_000) return 'timestamp'
      return sign === hmac('sha256', `${timestamp}\n${secrets.feishu}`, '') ? undefined : 'sign'
    }
    case 'slack':
      return url.pathname.endsWith(secrets.slack) ? undefined : 'token'
    case 'teams':
      return searchParams.get('sig') === secrets.teams ? undefined : 'sig'
    case 'aliyun': {
      const { Signature, ...parameters } = Object.fromEntries(new URLSearchParams(body))
      const encode = (text: string) => encodeURIComponent(text).replaceAll('*', '%2A').replaceAll("'", '%27')
      const query = Object.keys(parameters)
        .toSorted()
        .map((name) => `${encode(name)}=${encode(parameters[name] ?? '')}`)
        .join('&')
      return Signature === hmac('sha1', `${secrets.aliyun}&`, `POST&%2F&${encode(query)}`) ? undefined : 'signature'
    }
    case 'tencent':
      return /^TC3-HMAC-SHA256 Credential=id\/\d{4}-\d\d-\d\d\/sms\/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=[\da-f]{64}$/.test(
        request.headers.authorization ?? '',
      )
        ? undefined
        : 'authorization'
    case 'webhook': {
      const { headers } = request
      const key = Buffer.from(secrets.webhook.slice(6), 'base64')
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
      const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
      return headers['webhook-signature'] === expected ? undefined : 'signature'
    }
    default:
      return 'no such provider'
  }
}

function requestIdIn({ headers }: IncomingMessage, body: string): string | undefined {
  const inHeader = headers['webhook-id']
  if (typeof inHeader === 'string') return inHeader
  if (!body.startsWith('{')) return new URLSearchParams(body).get('OutId') ?? undefined
  const { uuid, SessionContext: context } = JSON.parse(body) as { uuid?: string; SessionContext?: string }
  return uuid ?? context
}

/** All texts of a body, in their order. */
function readableText(body: string): string {
  const texts: string[] = []
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value)
    else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) collect(each)
  }
  if (body.startsWith('{')) collect(JSON.parse(body))
  else texts.push(...new URLSearchParams(body).values())
  return texts.join('\n')
}
