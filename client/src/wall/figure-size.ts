/** The type size at which a figure of this length fits its column. */
export function figureSize(text: string): 'plain' | 'long' | 'longest' {
  if (text.length <= 4) return 'plain'
  return text.length <= 6 ? 'long' : 'longest'
}
