import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { serverTexts } from '../platform/server-texts.ts'

/** Why a link does not offer a decision. */
export type LinkRefusal = 'used' | 'expired' | 'unknown' | 'ended' | 'notAsked' | 'busy'

/** The content of the page that a link opens. */
export type LinkPage =
  | {
      readonly kind: 'confirm'
      readonly order: string
      readonly facts: readonly (readonly [label: string, value: string])[]
      readonly isCommentMissing: boolean
      readonly comment: string
    }
  | { readonly kind: 'decided'; readonly outcome: 'approved' | 'rejected' }
  | { readonly kind: 'refused'; readonly reason: LinkRefusal }

/** HTML without scripts, so that it works in the browser of any mail program. */
export function approvalLinkPage(page: LinkPage, language: Language): string {
  const words = serverTexts(language).approvals.page
  return `<!doctype html>
<html lang="${locales[language].tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(words.title)} · Stagewatch</title>
<style>${style}</style>
</head>
<body>
<main>
${bodyOf(page, language)}
</main>
</body>
</html>
`
}

function bodyOf(page: LinkPage, language: Language): string {
  const words = serverTexts(language).approvals.page
  switch (page.kind) {
    case 'confirm': {
      const facts = page.facts.map(([label, value]) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`)
      const missing = page.isCommentMissing ? `<p class="error" role="alert">${escaped(words.commentMissing)}</p>` : ''
      return `<h1>${escaped(words.heading.replace('{order}', page.order))}</h1>
<dl>${facts.join('')}</dl>
<form method="post">
<label for="comment">${escaped(words.comment)}</label>
<textarea id="comment" name="comment" rows="3" maxlength="2000">${escaped(page.comment)}</textarea>
${missing}
<div class="buttons"><button name="action" value="approve" class="primary">${escaped(words.approve)}</button>
<button name="action" value="reject" class="danger">${escaped(words.reject)}</button></div>
</form>
<p class="note">${escaped(words.once)}</p>`
    }
    case 'decided':
      return `<h1>${escaped(words[page.outcome])}</h1>${deskLink(language)}`
    case 'refused':
      return `<h1>${escaped(words[page.reason])}</h1>${deskLink(language)}`
  }
}

/** Relative, so that it works behind a proxy that adds a path prefix. */
function deskLink(language: Language): string {
  return `<p><a href="../approvals">${escaped(serverTexts(language).approvals.page.desk)}</a></p>`
}

function escaped(text: string): string {
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
