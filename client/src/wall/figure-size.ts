/** How a figure of so many signs must be set to stay within its column. */
export function figureSize(text: string): 'plain' | 'long' | 'longest' {
  if (text.length <= 4) return 'plain'
  return text.length <= 6 ? 'long' : 'longest'
}
