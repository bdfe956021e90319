/** Comes back to where somebody is. */
export function signInAddress(): string {
  return `/sign-in?${new URLSearchParams({ next: location.pathname + location.search }).toString()}`
}
