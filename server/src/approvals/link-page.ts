import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { escaped } from '../platform/http/plain-page.ts'
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

/** Title and HTML body of the page. */
export function approvalLinkPage(
  page: LinkPage,
  language: Language,
): { readonly title: string; readonly body: string } {
  return { title: `${serverTexts(language).approvals.page.title} · Stagewatch`, body: bodyOf(page, language) }
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
