import { pageIsServed } from './page-is-served.ts'

/** Loads this page anew, unless the server could not serve it now. */
export async function reloadServed(): Promise<void> {
  if (await pageIsServed()) location.reload()
}
