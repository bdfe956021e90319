/** The secret of a link like `/join#token=…`; what stands behind the hash is not sent to any server. */
export function fragmentToken(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? undefined
}
