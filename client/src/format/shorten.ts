/** The width that a text takes: a Chinese character is as wide as two letters. */
function widthOf(sign: string): number {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff00-\uff60]/u.test(sign) ? 2 : 1
}

/** In letters. */
export function textWidth(text: string): number {
  let width = 0
  for (const sign of text) width += widthOf(sign)
  return width
}

/** The longest prefix that fits. */
function headOf(text: string, maxWidth: number): string {
  let head = ''
  let width = 0
  for (const sign of text) {
    width += widthOf(sign)
    if (width > maxWidth) break
    head += sign
  }
  return head
}

function tailOf(text: string, maxWidth: number): string {
  let tail = ''
  let width = 0
  const signs = Array.from(text)
  for (let i = signs.length - 1; i >= 0; i--) {
    const sign = signs[i] ?? ''
    width += widthOf(sign)
    if (width > maxWidth) break
    tail = sign + tail
  }
  return tail
}

/** Start and end of a long text, `AB-2026…0042`; a line may break after the ellipsis. Widths are in letters. */
export function middleEllipsis(text: string, maxWidth: number): string {
  if (textWidth(text) <= maxWidth) return text
  const tail = tailOf(text, Math.floor((maxWidth - 1) / 2)).trimStart()
  return `${headOf(text, maxWidth - 1 - textWidth(tail)).trimEnd()}…\u200b${tail}`
}

/**
 * How to display each of several names within `maxWidth` letters. A name whose truncated form would equal that of
 * another one shows the part in which they differ: the end, or the part after their common prefix. The others are
 * truncated as usual.
 */
export function distinctNames(names: readonly string[], maxWidth: number): string[] {
  return names.map((name) => {
    if (textWidth(name) <= maxWidth) return name
    const cut = headOf(name, maxWidth)
    const rivals = names.filter((other) => other !== name && headOf(other, maxWidth) === cut)
    if (rivals.length === 0) return name
    const middle = middleEllipsis(name, maxWidth)
    if (!rivals.some((other) => middleEllipsis(other, maxWidth) === middle)) return middle
    const shared = Math.max(...rivals.map((other) => sharedLength(name, other)))
    return `…${headOf(name.slice(shared), maxWidth - 1)}`
  })
}

function sharedLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}
