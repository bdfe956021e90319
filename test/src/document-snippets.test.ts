import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { environmentSchema } from '@stagewatch/server/platform/environment.ts'
import { calendarChoice, holidaysRequest } from '@stagewatch/shared/contract/calendar-settings.ts'
import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import { eventsRequest } from '@stagewatch/shared/contract/event.ts'
import { importMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import {
  processDraftRequest,
  processReleaseRequest,
  processRollbackRequest,
} from '@stagewatch/shared/contract/process-draft.ts'
import { processDefinition } from '@stagewatch/shared/contract/process.ts'
import { retention } from '@stagewatch/shared/contract/retention.ts'
import { webhookRequest } from '@stagewatch/shared/contract/webhooks.ts'
import { githubSlug } from '../../docs/.vitepress/page-links.ts'
import { chinesePath } from '../../docs/.vitepress/page-paths.ts'
import { indexTokens, queryTokens } from '../../docs/.vitepress/search-tokens.ts'
import { commandNames, helpOf } from './reference-pages/reference-pages.ts'
import { routeMap } from './rights/route-map.ts'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['README.md', 'docs/**/*.md'], { cwd: root }).map((path) => path.replaceAll('\\', '/'))
/** Generated from the help itself. */
const written = pages.filter((path) => path !== 'docs/reference/commands.md')

/** Bodies of requests in the documents; a request to another route needs its schema here. */
const bodies: Readonly<Record<string, z.ZodType>> = {
  'POST /api/v1/events': eventsRequest,
  'POST /api/v1/webhooks': webhookRequest,
  'PUT /api/v1/retention': retention,
  'PUT /api/v1/admin/calendar-choice': calendarChoice,
  'POST /api/v1/admin/calendars/:code/holidays': holidaysRequest,
  'PUT /api/v1/admin/processes/:code/draft': processDraftRequest,
  'POST /api/v1/admin/processes/:code/release': processReleaseRequest,
  'POST /api/v1/admin/processes/:code/rollback': processRollbackRequest,
}

/** Upper-case names in the documents that are no variables of the server. */
const otherNames = new Set([
  'ACTIVITY_EN',
  'FAULT_SEED',
  'INVALID_EMAIL_OR_PASSWORD',
  'INVALID_PASSWORD',
  'INVALID_TOKEN',
  'NODE_OPTIONS',
  'SIMULATED_HOURS',
  'STAGEWATCH_PREVIOUS',
  'TEST_DATABASE_URL',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
])

describe('the documents', () => {
  it.each(pages)('of %s link to headings that are there', (path) => {
    const links = [...prose(textOf(path)).matchAll(/\]\(([^)\s#:]*)#([^)\s]+)\)/g)]
    const missing = links.filter(([, target = '', anchor = '']) => {
      const page = target === '' ? path : posix.join(posix.dirname(path), target)
      return page.endsWith('.md') && !anchorsOf(page).has(decodeURI(anchor))
    })
    expect(missing.map(([link]) => link)).toEqual([])
  })

  it.each(pages.filter((path) => path.endsWith('.zh-CN.md') && path !== 'docs/README.zh-CN.md'))(
    'have an English page for %s',
    (path) => {
      expect(pages.map(chinesePath)).toContain(path)
    },
  )

  it('name commands and options that exist', async () => {
    const helps = new Map<string, string>()
    for (const name of commandNames(await helpOf([]))) helps.set(name, await helpOf([name]))
    const wrong = written.flatMap((path) =>
      commandsOf(textOf(path)).flatMap((line) => mistakesIn(line, helps).map((mistake) => `${path}: ${mistake}`)),
    )
    expect(helps.size).toBeGreaterThan(10)
    expect(wrong).toEqual([])
  })

  it('name variables of the environment that exist', () => {
    const names = new Set([...Object.keys(environmentSchema.shape), ...otherNames])
    const wrong = written.flatMap((path) =>
      [...textOf(path).matchAll(/`([A-Z]+(?:_[A-Z]+)+)[=`]/g)]
        .flatMap(([, name = '']) => name)
        .filter((name) => !names.has(name))
        .map((name) => `${path}: ${name}`),
    )
    expect(wrong).toEqual([])
  })

  it('send requests to routes that exist, with bodies that are valid', () => {
    const requests = pages.flatMap((path) => requestsOf(textOf(path)).map((request) => ({ path, ...request })))
    expect(requests.length).toBeGreaterThan(10)
    for (const { path, method, url, body } of requests) {
      const route = routeOf(method, url)
      expect(route, `${path}: ${method} ${url}`).toBeDefined()
      if (body === undefined || route === undefined) continue
      const schema = bodies[route]
      expect(schema, `${path}: add the schema of ${route} to this test`).toBeDefined()
      expect(schema?.safeParse(JSON.parse(body)).error?.issues, `${path}: ${body}`).toBeUndefined()
    }
  })

  it('use no option of curl that came after 7.68, which long-term releases of Linux still have', () => {
    const lines = pages.flatMap((path) =>
      blocksOf(textOf(path), 'sh').flatMap((block) =>
        block
          .replaceAll('\\\n', ' ')
          .split('\n')
          .filter((line) => /\bcurl\b.*\s--(?:json|url-query|variable|fail-with-body)\b/.test(line))
          .map((line) => `${path}: ${line}`),
      ),
    )
    expect(lines).toEqual([])
  })

  it('show JSON that is valid', () => {
    for (const path of pages) {
      for (const text of blocksOf(textOf(path), 'json')) {
        const json = JSON.parse(text) as object
        const schema = schemaOf(json)
        expect(schema?.safeParse(json).error?.issues, `${path}: ${text}`).toBeUndefined()
      }
    }
  })
})

describe('the search of the documentation site', () => {
  it('finds Chinese words anywhere in a text, by one character or more', () => {
    const found = (query: string, text: string): boolean => {
      const words = indexTokens(text)
      // As VitePress searches: every word of the query, by prefix.
      return queryTokens(query).every((part) => words.some((word) => word.startsWith(part)))
    }
    expect(found('瓶颈', '看瓶颈热力图。每行一个环节')).toBe(true)
    expect(found('热力图', '看瓶颈热力图。每行一个环节')).toBe(true)
    expect(found('节', '看瓶颈热力图。每行一个环节')).toBe(true)
    expect(found('api 密钥', '在“API 密钥”页面新建')).toBe(true)
    expect(found('超限', '看瓶颈热力图。每行一个环节')).toBe(false)
    expect(found('热力图瓶颈', '看瓶颈热力图。每行一个环节')).toBe(true)
    expect(indexTokens('stage.entered, MEMORY_VISITS')).toEqual(['stage', 'entered', 'memory', 'visits'])
  })
})

function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Without blocks of code. */
function prose(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '')
}

function anchorsOf(path: string): ReadonlySet<string> {
  const headings = [...prose(textOf(path)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return new Set(headings.map((heading) => githubSlug(heading.replaceAll(/\[(.*?)\]\(.*?\)/g, '$1'))))
}

function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) => block)
}

/** Lines of shell blocks, joined where they are continued, and code within sentences. */
function commandsOf(text: string): string[] {
  const lines = blocksOf(text, 'sh').flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
  const inline = [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  return [...lines.map((line) => line.replace(/(^|\s)#\s.*$/, '')), ...inline]
}

/** What is wrong with the calls of `stagewatch` in a line. */
function mistakesIn(line: string, helps: ReadonlyMap<string, string>): string[] {
  // A container or a service may have the name of the program.
  return [...line.matchAll(/(?<![\w/.-])stagewatch (?!stagewatch )([a-z][\w-]*)([^|&;>]*)/g)].flatMap(
    ([call, name = '', rest = '']) => {
      const help = helps.get(name)
      if (help === undefined) return [`there is no command ${call}`]
      const options = rest.match(/--[a-z][a-z-]*/g) ?? []
      const wrong = options.filter((option) => option !== '--help' && !new RegExp(`${option}(?![a-z-])`).test(help))
      const [, verb] = /^ ([a-z][a-z-]*)(?= |$)/.exec(rest) ?? []
      const isVerb =
        verb === undefined || new RegExp(`^(usage:| {6}) stagewatch ${name} (.*\\| )?${verb}\\b`, 'm').test(help)
      return [...wrong.map((option) => `${call}: ${name} has no ${option}`), ...(isVerb ? [] : [`${call}: no ${verb}`])]
    },
  )
}

interface DocumentedRequest {
  readonly method: string
  readonly url: string
  /** JSON in the command itself. */
  readonly body?: string
}

function requestsOf(text: string): DocumentedRequest[] {
  return blocksOf(text, 'sh').flatMap((block) => {
    const [, base = ''] = /^url=(\S+)$/m.exec(block) ?? []
    const joined = block.replaceAll('\\\n', ' ').replaceAll('$url', base)
    return [...joined.matchAll(/\bcurl ((?:'[^']*'|"[^"]*"|[^'"\n])*)/g)].flatMap(([, args = '']) => {
      const [, path] = /https?:\/\/[^/\s'"]+(\/api\/v1[^\s'"?]*)/.exec(args) ?? []
      if (path === undefined) return []
      const [, data] = /(?:--json|--data|-d) ('[^']*'|\S+)/.exec(args) ?? []
      const [, method = data === undefined ? 'GET' : 'POST'] = /(?:--request|-X) (\w+)/.exec(args) ?? []
      return [{ method, url: path, ...(data?.startsWith("'") === true && { body: data.slice(1, -1) }) }]
    })
  })
}

function routeOf(method: string, path: string): string | undefined {
  return Object.keys(routeMap).find((route) => {
    const pattern = route.replaceAll(/:\w+/g, '[^/]+').replaceAll('.', String.raw`\.`)
    return new RegExp(`^${pattern}$`).test(`${method} ${path}`)
  })
}

/** Which contract a block of JSON belongs to, by its fields. Undefined: a response or a part. */
function schemaOf(json: object): z.ZodType | undefined {
  if ('acceptsNewStages' in json) return processDefinition
  if ('versions' in json) return calendarDefinition
  if ('columns' in json || 'milestones' in json) return importMapping
  if ('source' in json && 'occurredAt' in json) return eventsRequest
  return undefined
}
