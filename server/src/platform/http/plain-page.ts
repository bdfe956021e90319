import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import type { FastifyReply } from 'fastify'

interface PlainPage {
  readonly title: string
  /** HTML, with all foreign text escaped. */
  readonly body: string
  readonly language: Language
}

/**
 * Sends a page that a link in a mail opens without signing in: HTML without scripts, so that it works in the browser of
 * any mail program. It is not cached, and its address, which contains a token, is not passed on to other sites.
 */
export function sendPlainPage(reply: FastifyReply, { title, body, language }: PlainPage): FastifyReply {
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'same-origin').send(`<!doctype html>
<html lang="${locales[language].tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`)
}

/** Text for HTML, also for a quoted attribute. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const style = `
:root{color-scheme:light dark;--ink:#1b2430;--dim:#4a5666;--paper:#fff;--back:#f3f5f7;--line:#d5dbe2;--main:#1b5bbf;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf1;--dim:#a9b4c2;--paper:#171d26;--back:#0e131a;--line:#303a47;--main:#7aa9f7;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:32rem;margin:0 auto;padding:1.5rem 1rem;background:var(--paper);min-height:100vh}
h1{font-size:1.25rem;margin:0 0 1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.5rem 1rem;margin:0 0 1.5rem}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
label{display:block;margin-bottom:.25rem;color:var(--dim)}
textarea{width:100%;padding:.5rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--dim);border-radius:6px}
.buttons{display:flex;gap:.75rem;margin-top:1rem}
button{flex:1;min-height:48px;font:inherit;font-weight:600;border-radius:6px;cursor:pointer}
.primary{background:var(--main);color:var(--paper);border:1px solid var(--main)}
.danger{background:var(--paper);color:var(--bad);border:1px solid var(--bad)}
.error{color:var(--bad);margin:.5rem 0 0}.note{color:var(--dim);font-size:.875rem;margin-top:1.5rem}
a{color:var(--main)}
`
